import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { formatXem } from '../../src/demo/holders/micro-xem.js';
import { writeHolders, type ControlTotals } from '../../src/demo/holders/write-holders.js';
import { jstDate } from '../../src/platform/clock/jst.js';
import type { TestKey } from '../harness/release-keys.js';
import { eventually } from '../harness/eventually.js';
import { Person, textAt, type JsonAnswer } from './job-client.js';

export const PRICE = '88.549';

export interface People {
  readonly maker: Person;
  readonly checkers: readonly [Person, Person];
  readonly officer: Person;
  readonly officers: readonly [Person, Person];
  /** Which sign what is above the amount that needs two checkers. */
  readonly releaseKeys: readonly TestKey[];
}

/** A made-up export of its own folder, with the totals that finance declares. */
export interface Export {
  readonly holdersFile: string;
  readonly exclusionsFile: string;
  readonly totals: ControlTotals;
  remove(): Promise<void>;
}

export async function writeExport(holders: number, seed: string, totalXem = BigInt(holders) * 2_011n): Promise<Export> {
  const folder = await mkdtemp(join(tmpdir(), 'henkin-job-'));
  const files = { holdersFile: join(folder, 'holders.csv'), exclusionsFile: join(folder, 'exclusions.csv') };
  const totals = await writeHolders({ seed, holders, total: totalXem * 1_000_000n }, files);
  return { ...files, totals, remove: () => rm(folder, { recursive: true, force: true }) };
}

/** Each stage of the main job on its own, so that tests can break the server in between or during one. */
export const job = {
  async import(
    { maker }: People,
    { holdersFile, exclusionsFile, totals }: Export,
    kind: 'base' | 'supplement' = 'base',
  ): Promise<string> {
    const { whole, payable, excluded } = totals;
    const fields = {
      kind,
      asOf: '2018-01-26T23:59:59+09:00',
      declaredCount: String(whole.count),
      declaredTotalXem: formatXem(whole.total),
      declaredPayableCount: String(payable.count),
      declaredPayableTotalXem: formatXem(payable.total),
      declaredExcludedCount: String(excluded.count),
      declaredExcludedTotalXem: formatXem(excluded.total),
    };
    const answer = await maker.upload('/v1/snapshots', fields, { file: holdersFile, exclusions: exclusionsFile });
    // An upload whose answer was lost has arrived; then the server knows the file.
    const id = answer.status === 409 ? textAt(answer, 'snapshotId') : textAt(answer, 'id');
    await eventually(async () => {
      const { body } = await maker.get(`/v1/snapshots/${id}`);
      if (body.status === 'invalid') throw new Error(`the import found faults: ${JSON.stringify(body)}`);
      return body.status === 'ready';
    });
    return id;
  },

  async seal(people: People, id: string): Promise<void> {
    const asked = await people.maker.post(`/v1/snapshots/${id}/seal`);
    await approve(textAt(asked, 'approvalRequest', 'id'), people.checkers);
  },

  async rate(people: People): Promise<string> {
    const proposed = await people.maker.post('/v1/rates', {
      priceJpyPerXem: PRICE,
      method: 'Volume-weighted average of Zaif XEM/JPY',
      windowStart: '2018-01-26T12:09:00+09:00',
      windowEnd: '2018-01-27T23:00:00+09:00',
      roundingRule: 'half_up',
      sourceText: 'Notice of 2018-01-28',
      legalWording: { ja: '補償', en: 'Compensation' },
    });
    await approve(textAt(proposed, 'approvalRequest', 'id'), people.checkers);
    return textAt(proposed, 'id');
  },

  async fund(people: People, amountJpy: bigint, bankReference = 'TEST-0001'): Promise<void> {
    const proposed = await people.maker.post('/v1/ledger/fundings', {
      amountJpy: amountJpy.toString(),
      bankReference,
      valueDate: jstDate(new Date()),
      segregatedAccount: '顧客分別金口座 1234567',
    });
    await approve(textAt(proposed, 'approvalRequest', 'id'), people.checkers);
  },

  async open({ officer }: People): Promise<JsonAnswer> {
    return officer.post('/v1/claims/open');
  },

  async approveAll(people: People): Promise<JsonAnswer> {
    const run = await people.officer.post('/v1/approval-runs', {
      filter: {},
      dryRun: false,
      reasonCode: 'balance_confirmed',
    });
    return approve(textAt(run, 'approvalRequest', 'id'), people.officers);
  },

  /** Drafts, submits and has approved; the batch then executes by itself. */
  async startBatch(people: People, filter: object = {}): Promise<string> {
    const draft = await people.maker.post('/v1/credit-batches', {
      filter,
      notBefore: new Date(Date.now() - 1_000).toISOString(),
      postingDate: jstDate(new Date()),
    });
    const id = textAt(draft, 'id');
    const submitted = await people.maker.post(`/v1/credit-batches/${id}/submit`, {
      controlTotalJpy: textAt(draft, 'totalJpy'),
    });
    if (submitted.status >= 300) throw new Error(JSON.stringify(submitted.body));
    await approve(await pendingRequest(people.checkers[0], 'credit_batch', id), people.checkers);
    await job.signRelease(people, id);
    return id;
  },

  /** All keys sign, if the batch waits for them. */
  async signRelease({ maker, releaseKeys }: People, id: string): Promise<void> {
    const release = await maker.get(`/v1/credit-batches/${id}/release`);
    if (release.body.code === 'release_statement_not_found') return;
    const statement = { sha256: textAt(release, 'sha256'), statement: textAt(release, 'statement') };
    for (const key of releaseKeys) {
      const answer = await maker.post(`/v1/credit-batches/${id}/release/signatures`, key.sign(statement));
      if (answer.status !== 200) throw new Error(`${answer.status} ${JSON.stringify(answer.body)}`);
    }
  },

  async untilCompleted({ maker }: People, id: string): Promise<JsonAnswer> {
    return eventually(async () => {
      const answer = await maker.get(`/v1/credit-batches/${id}`);
      // It goes on by itself once the watch is back.
      const waits = answer.body.pauseKind === 'unwatched';
      if (['paused', 'stopped', 'cancelled'].includes(String(answer.body.status)) && !waits)
        throw new Error(JSON.stringify(answer.body));
      return answer.body.status === 'completed' ? answer : undefined;
    });
  },

  reconciliation({ maker }: People): Promise<JsonAnswer> {
    return maker.get('/v1/reconciliation');
  },
};

async function pendingRequest(checker: Person, subjectType: string, subjectId: string): Promise<string> {
  const { body } = await checker.get(`/v1/approval-requests?status=pending&subjectType=${subjectType}&limit=100`);
  const found = (body.items as { id: string; subjectId: string }[]).find((item) => item.subjectId === subjectId);
  if (!found) throw new Error(`no pending request for ${subjectType} ${subjectId}`);
  return found.id;
}

/** As many checkers as are needed, one after the other; a lost answer was a decision all the same. */
export async function approve(requestId: string, checkers: readonly Person[]): Promise<JsonAnswer> {
  for (const checker of checkers) {
    const answer = await checker.post(`/v1/approval-requests/${requestId}/decisions`, { decision: 'approve' });
    if (answer.status !== 200) throw new Error(`${answer.status} ${JSON.stringify(answer.body)}`);
    if (answer.body.status === 'approved') return answer;
  }
  throw new Error(`request ${requestId} needs more checkers`);
}
