import { CreditBatchExecution } from '../../src/credit-batch/credit-batch-execution.js';
import { jstDate } from '../../src/platform/clock/jst.js';
import { Jobs } from '../../src/platform/jobs/jobs.js';
import { createTestApp, type TestApp } from '../harness/app.js';
import { eventually } from '../harness/eventually.js';
import { expectedTotalJpy, readBooks } from '../job/books.js';
import { textAt, type JsonAnswer, type Person } from '../job/job-client.js';
import { job, writeExport, type Export, type People } from '../job/job.js';
import { hirePeople } from '../job/people.js';

const AT_ONCE = 30;
const HOLDERS = 40;
const FUND_JPY = 2n * expectedTotalJpy([BigInt(HOLDERS) * 2_011_000_000n]);

/** Thirty windows, each with an idempotency key of its own: nothing but the effect itself tells that they are the same. */
const atOnce = (press: (nth: number) => Promise<JsonAnswer>) =>
  Promise.all(Array.from({ length: AT_ONCE }, (_, nth) => press(nth)));
const taken = (answers: readonly JsonAnswer[]) => answers.filter(({ status }) => status < 300);

describe('what has an effect once, thirty times at once', () => {
  let server: TestApp;
  let people: People;
  let files: Export;
  beforeAll(async () => {
    server = await createTestApp();
    await server.app.listen(0, '127.0.0.1');
    const url = (await server.app.getUrl()).replace('[::1]', '127.0.0.1');
    people = await hirePeople(server, () => url);
    files = await writeExport(HOLDERS, 'at once');
    await server.app.get(Jobs).start();
  }, 60_000);
  afterAll(async () => {
    await files.remove();
    await server.close();
  });

  const count = async (what: string): Promise<number> =>
    Number((await server.database.asSuperuser<{ n: string }>(`SELECT count(*) AS n FROM ${what}`))[0]?.n);
  const noFaults = (answers: readonly JsonAnswer[]) =>
    expect(answers.filter(({ status }) => status >= 500)).toEqual([]);
  /** Asked for once, whoever presses how often. */
  const askedOnce = (answers: readonly JsonAnswer[]): string => {
    noFaults(answers);
    expect(taken(answers)).toHaveLength(1);
    return taken(answers).map((answer) => textAt(answer, 'approvalRequest', 'id'))[0] ?? '';
  };
  const decide = async (requestIds: readonly string[], checkers: readonly Person[] = people.checkers) =>
    noFaults(
      await atOnce((nth) => {
        const path = `/v1/approval-requests/${requestIds[nth % requestIds.length]}/decisions`;
        return (checkers[nth % checkers.length] as Person).post(path, { decision: 'approve' });
      }),
    );
  /** By both checkers, fifteen times each; one is needed. */
  const decidedOnce = async (requestId: string) => {
    await decide([requestId]);
    expect(await count(`approval_decision WHERE request_id = '${requestId}'`)).toBe(1);
    expect(await count(`approval_request WHERE id = '${requestId}' AND status = 'approved'`)).toBe(1);
  };

  it('an upload, a seal and its approval', async () => {
    const ids = await Promise.all(Array.from({ length: AT_ONCE }, () => job.import(people, files)));
    expect(new Set(ids).size).toBe(1);
    expect(await count('snapshot')).toBe(1);
    await decidedOnce(askedOnce(await atOnce(() => people.maker.post(`/v1/snapshots/${ids[0]}/seal`))));
    expect(await count(`snapshot WHERE status = 'sealed'`)).toBe(1);
  });

  it('a rate', async () => {
    const proposed = await people.maker.post('/v1/rates', {
      priceJpyPerXem: '88.549',
      method: 'VWAP',
      windowStart: '2018-01-26T12:09:00+09:00',
      windowEnd: '2018-01-27T23:00:00+09:00',
      roundingRule: 'half_up',
      sourceText: 'Notice of 2018-01-28',
      legalWording: { ja: '補償', en: 'Compensation' },
    });
    await decidedOnce(textAt(proposed, 'approvalRequest', 'id'));
    expect(await count(`rate WHERE status = 'effective'`)).toBe(1);
  });

  it('a funding', async () => {
    const funding = {
      amountJpy: FUND_JPY.toString(),
      bankReference: 'ONCE-0001',
      valueDate: jstDate(new Date()),
      segregatedAccount: '顧客分別金口座 1234567',
    };
    const answers = await atOnce(() => people.maker.post('/v1/ledger/fundings', funding));
    await decidedOnce(askedOnce(answers));
    expect(
      await count(
        `ledger_transfer JOIN ledger_account a ON a.kind = 'compensation_fund' WHERE ledger_transfer.kind = 'funding' AND a.balance_jpy = ${FUND_JPY}`,
      ),
    ).toBe(1);
  });

  it('the opening of claims, and their approval in a run', async () => {
    await atOnce(() => people.officer.post('/v1/claims/open'));
    expect(await count('claim')).toBe(HOLDERS);
    const run = { filter: {}, dryRun: false, reasonCode: 'balance_confirmed' };
    const answers = await atOnce(() => people.officer.post('/v1/approval-runs', run));
    noFaults(answers);
    // Each run may be asked for; the first one leaves nothing to the others.
    await decide(
      taken(answers).map((answer) => textAt(answer, 'approvalRequest', 'id')),
      people.officers,
    );
    expect(await count(`ledger_transfer WHERE kind = 'approval'`)).toBe(1);
    expect(
      await count(
        `ledger_account a WHERE kind = 'approved_uncredited' AND balance_jpy = (SELECT sum(amount_jpy) FROM claim WHERE status = 'approved')`,
      ),
    ).toBe(1);
  });

  it('a credit batch: drafted, submitted, approved and executed', async () => {
    const draft = {
      filter: {},
      notBefore: new Date(Date.now() - 1_000).toISOString(),
      postingDate: jstDate(new Date()),
    };
    const [batch] = taken(await atOnce(() => people.maker.post('/v1/credit-batches', draft)));
    const approved = await count(`claim WHERE status = 'approved' AND NOT held`);
    expect(await count('credit_batch_item WHERE skip_reason IS NULL')).toBe(approved);
    const id = textAt(batch as JsonAnswer, 'id');
    const total = { controlTotalJpy: textAt(batch as JsonAnswer, 'totalJpy') };
    const submitted = await atOnce(() => people.maker.post(`/v1/credit-batches/${id}/submit`, total));
    noFaults(submitted);
    expect(taken(submitted)).toHaveLength(1);
    const [request] = await server.database.asSuperuser<{ id: string }>(
      `SELECT id FROM approval_request WHERE subject_type = 'credit_batch' AND subject_id = $1`,
      [id],
    );
    await decidedOnce(request?.id ?? '');
    const execution = server.app.get(CreditBatchExecution, { strict: false });
    await Promise.all(
      Array.from({ length: AT_ONCE }, () => execution.execute(BigInt(id), new AbortController().signal)),
    );
    await eventually(async () => (await people.maker.get(`/v1/credit-batches/${id}`)).body.status === 'completed');
    const books = await readBooks(server.database);
    expect(books).toMatchObject({ creditedTwice: 0, trialBalanceJpy: 0n });
    expect(books.byStatus.credited).toBe(approved);
    expect(books.walletsJpy).toBe(books.creditTransfersJpy);
    expect((await job.reconciliation(people)).body).toMatchObject({ balanced: true });
  });

  it('the release of the kill switch', async () => {
    await people.maker.post('/v1/kill-switch/pull', { reason: 'To see what thirty releases do.' });
    const reason = { reason: 'Looked into and put right.' };
    const answers = await atOnce(() => people.maker.post('/v1/kill-switch/release', reason));
    noFaults(answers);
    await decide(taken(answers).map((answer) => textAt(answer, 'approvalRequest', 'id')));
    expect(await count('kill_switch_pull WHERE release_id IS NULL')).toBe(0);
    expect(await count(`audit_event WHERE action = 'kill_switch.released'`)).toBe(1);
  });
});
