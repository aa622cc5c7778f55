import { rm } from 'node:fs/promises';
import { CreditBatchExecution } from '../../src/credit-batch/credit-batch-execution.js';
import { Jobs } from '../../src/platform/jobs/jobs.js';
import type { Child } from '../harness/child-process.js';
import { runSql } from '../harness/database.js';
import { eventually } from '../harness/eventually.js';
import { startWatch } from '../harness/server-process.js';
import { staffToken } from '../harness/staff.js';
import { job } from '../job/job.js';
import { textAt } from '../job/job-client.js';
import { createAuditedProgramme, type AuditedProgramme } from '../reconciliation/audited-programme.js';

/** As if there had been so many before: the slice that a round compares whoever wrote it is far away from where these are. */
const FIRST_ID = 1_000_000;
/** Written by somebody who owns the machine: no trigger, no guard and no privilege stands in the way. */
const BY_FORCE = 'SET session_replication_role = replica;';

/** From the wallet that was credited first to the newest one; all wallets together hold what they held. */
const moveOneYen = (jpy: number) => `
  UPDATE ledger_account SET balance_jpy = balance_jpy + CASE id WHEN (SELECT max(id) FROM ledger_account) THEN ${jpy} ELSE ${-jpy} END
  WHERE id IN ((SELECT credit_account_id FROM ledger_transfer WHERE kind = 'credit' ORDER BY id LIMIT 1), (SELECT max(id) FROM ledger_account))`;

const FORGERIES = {
  'a credit that nobody approved': {
    forge: `INSERT INTO ledger_transfer (kind, debit_account_id, credit_account_id, amount_jpy, reference_id, posting_date, label)
            SELECT 'credit', (SELECT id FROM ledger_account WHERE kind = 'approved_uncredited'), c.wallet_account_id, 1000000, c.id, current_date, 'NEM補償金'
            FROM claim c WHERE c.status = 'approved' AND c.id NOT IN (SELECT claim_id FROM credit_batch_item) ORDER BY c.id LIMIT 1`,
    repair: `DELETE FROM ledger_transfer WHERE amount_jpy = 1000000 AND label = 'NEM補償金' AND id = (SELECT max(id) FROM ledger_transfer)`,
    kinds: ['credit_without_item', 'programme_account_differs', 'totals_differ', 'totals_differ'],
  },
  'a wallet that holds a million more': {
    forge: `UPDATE ledger_account SET balance_jpy = balance_jpy + 1000000 WHERE id = (SELECT max(id) FROM ledger_account)`,
    repair: `UPDATE ledger_account SET balance_jpy = balance_jpy - 1000000 WHERE id = (SELECT max(id) FROM ledger_account)`,
    kinds: ['wallet_differs', 'totals_differ'],
  },
  'a claim that is credited and was not': {
    forge: `UPDATE claim SET status = 'credited', version = version + 1 WHERE id = (SELECT min(id) FROM claim WHERE status = 'approved')`,
    repair: `UPDATE claim SET status = 'approved', version = version - 1
             WHERE status = 'credited' AND NOT EXISTS (SELECT FROM ledger_transfer t WHERE t.kind = 'credit' AND t.reference_id = claim.id)`,
    kinds: ['claim_credited_without_transfer', 'totals_differ', 'totals_differ'],
  },
  'a claim that was credited and is to be once more': {
    forge: `UPDATE claim SET status = 'approved', version = version - 1 WHERE id = (SELECT min(id) FROM claim WHERE status = 'credited')`,
    repair: `UPDATE claim SET status = 'credited', version = version + 1
             WHERE status = 'approved' AND EXISTS (SELECT FROM ledger_transfer t WHERE t.kind = 'credit' AND t.reference_id = claim.id)`,
    kinds: ['credit_without_credited_claim', 'totals_differ', 'totals_differ'],
  },
  'a yen moved from one wallet to another': {
    forge: moveOneYen(1),
    repair: moveOneYen(-1),
    kinds: ['wallet_differs', 'wallet_differs'],
  },
  'a credit that was removed without a trace': {
    forge: `CREATE TABLE taken AS SELECT * FROM ledger_transfer WHERE kind = 'credit' ORDER BY id LIMIT 1; DELETE FROM ledger_transfer WHERE id IN (SELECT id FROM taken)`,
    repair: `INSERT INTO ledger_transfer OVERRIDING SYSTEM VALUE SELECT * FROM taken; DROP TABLE taken`,
    kinds: ['totals_differ', 'totals_differ', 'totals_differ'],
  },
};

/**
 * The slices of old rows, wherever they are, may meet the same forgery from its other side, and so does the round after the
 * switch was pulled, in which all is added up anew.
 */
const MET_IN_PASSING: readonly string[] = [
  'programme_account_differs',
  'wallet_differs',
  'claim_credited_without_transfer',
  'credit_without_credited_claim',
];
const countOf = (kinds: readonly string[], wanted: string): number => kinds.filter((kind) => kind === wanted).length;

describe('the watch, a process of its own', () => {
  let programme: AuditedProgramme;
  let watch: Child;

  beforeAll(async () => {
    programme = await createAuditedProgramme({ holders: 40, restStaysApproved: true, firstId: FIRST_ID });
    await programme.server.app.get(Jobs).stop();
    watch = await startWatch(programme.server.database);
  }, 120_000);
  afterAll(async () => {
    await watch.end('SIGTERM');
    await programme.server.close();
    await rm(programme.folder, { recursive: true, force: true });
  });

  const asSuperuser = <R extends object>(sql: string, params: unknown[] = []) =>
    programme.server.database.asSuperuser<R & Record<string, unknown>>(sql, params);
  const asWatch = (sql: string) => runSql(programme.server.database.watchUrl, sql);
  const alerts = () => asSuperuser<{ kind: string }>('SELECT kind FROM watch_alert ORDER BY id');
  const seenAt = async () =>
    (await asSuperuser<{ at: string }>('SELECT seen_at::text AS at FROM watch_heartbeat'))[0]?.at ?? '';
  /** Until a round is finished that began after this was asked for. */
  const nextRound = async () => {
    for (let finished = 0; finished < 2; finished++) {
      const before = await seenAt();
      await eventually(async () => (await seenAt()) !== before);
    }
  };

  it('finds nothing in what people did as they should', async () => {
    await nextRound();
    expect(await alerts()).toEqual([]);
  });

  it.each(Object.entries(FORGERIES))(
    '[26] notices %s while a batch runs, and the next chunk is refused',
    async (what, { forge, repair, kinds }) => {
      const { server, people } = programme;
      const before = await alerts();
      const batch = await startExecuting({ sampleSize: 1 });
      await asSuperuser(`${BY_FORCE} ${forge}`);
      const since = performance.now();
      await nextRound();
      const seconds = (performance.now() - since) / 1000;
      process.stdout.write(`      ${what}: noticed and stopped within ${seconds.toFixed(1)} s\n`);
      const [pull] = await asSuperuser('SELECT cause, reason FROM kill_switch_pull WHERE release_id IS NULL');
      expect(pull).toMatchObject({
        cause: 'watch',
        reason: expect.stringMatching(new RegExp([kinds[0], ...MET_IN_PASSING].join('|'))) as string,
      });
      await server.app
        .get(CreditBatchExecution, { strict: false })
        .execute(BigInt(batch), new AbortController().signal);
      expect((await people.maker.get(`/v1/credit-batches/${batch}`)).body).toMatchObject({
        status: 'paused',
        pauseKind: 'alert',
        pauseReason: 'kill_switch_pulled',
        creditedCount: '0',
      });
      const raised = (await alerts()).slice(before.length).map(({ kind }) => kind);
      expect(raised.filter((kind) => !MET_IN_PASSING.includes(kind))).toEqual(
        kinds.filter((kind) => !MET_IN_PASSING.includes(kind)),
      );
      for (const kind of MET_IN_PASSING) expect(countOf(raised, kind)).toBeGreaterThanOrEqual(countOf(kinds, kind));

      await asSuperuser(`${BY_FORCE} ${repair}`);
      await letGoOn();
      await nextRound();
      expect(await asSuperuser('SELECT FROM kill_switch_pull WHERE release_id IS NULL')).toEqual([]);
      const [sums] = await asSuperuser(
        `SELECT p.credited_jpy = (SELECT coalesce(sum(amount_jpy), 0) FROM ledger_transfer WHERE kind = 'credit' AND id <= p.settled_id) AS true FROM watch_position p`,
      );
      expect(sums).toEqual({ true: true });
    },
    60_000,
  );

  /** No job takes it up: the test says when its chunks are credited. */
  async function startExecuting(filter: object = {}): Promise<string> {
    const batch = await job.startBatch(programme.people, filter);
    await programme.server.database.asApp(`UPDATE credit_batch SET status = 'executing' WHERE id = $1`, [batch]);
    return batch;
  }

  /** One asks with a reason, another agrees. */
  async function letGoOn(): Promise<void> {
    const { maker, checkers } = programme.people;
    const asked = await maker.post('/v1/kill-switch/release', { reason: 'Looked into and put right.' });
    const id = textAt(asked, 'approvalRequest', 'id');
    const decided = await checkers[0].post(`/v1/approval-requests/${id}/decisions`, { decision: 'approve' });
    expect(decided.body.status).toBe('approved');
  }

  it('can write nothing but the switch, its own findings and its sign of life', async () => {
    for (const sql of [
      'INSERT INTO ledger_transfer (kind) VALUES (NULL)',
      'UPDATE ledger_account SET balance_jpy = 0',
      `UPDATE claim SET status = 'approved'`,
      `UPDATE credit_batch SET status = 'paused'`,
      'DELETE FROM watch_alert',
      'UPDATE kill_switch_pull SET release_id = 1',
      `INSERT INTO kill_switch_pull (cause, reason) VALUES ('watch', 'not through its function')`,
      `INSERT INTO audit_event (action) VALUES ('x.y')`,
      'SELECT name FROM holder',
      'SELECT before FROM audit_event',
      'CREATE TABLE mine ()',
    ])
      await expect(asWatch(sql)).rejects.toMatchObject({ code: '42501' });
  });

  it('tells people of what people are up to, and lets crediting go on', async () => {
    const { asApp } = programme.server.database;
    const before = await alerts();
    await asApp(
      `INSERT INTO audit_event (actor_id, actor_role, request_id, action, subject_type, subject_id)
       SELECT 'someone', 'support_agent', 'r', action, 'holder', '1'
       FROM (SELECT 'holder.walked' AS action UNION ALL SELECT 'holder.revealed' FROM generate_series(1, 40)) AS done`,
    );
    await asApp(
      `INSERT INTO sign_in_throttle (key, points, expire)
       VALUES ('address:a', 60, extract(epoch FROM now() + interval '5 minutes') * 1000), ('try-from:b', 50, extract(epoch FROM now() + interval '5 minutes') * 1000)`,
    );
    const raised = await eventually(async () => {
      const now = await alerts();
      return now.length >= before.length + 3 && now.slice(before.length);
    });
    expect(raised.map(({ kind }) => kind).sort()).toEqual([
      'customers_walked_through',
      'reveals_jump',
      'sign_ins_fail',
    ]);
    expect(await asSuperuser('SELECT FROM kill_switch_pull WHERE release_id IS NULL')).toEqual([]);
  });

  it('notices that the end of the audit chain was cut off', async () => {
    await nextRound();
    await asSuperuser(
      `${BY_FORCE} DELETE FROM audit_event WHERE id = (SELECT max(event_id) FROM audit_chain); DELETE FROM audit_chain WHERE seq = (SELECT max(seq) FROM audit_chain)`,
    );
    const cut = await eventually(async () => (await alerts()).find(({ kind }) => kind === 'audit_trail_shrank'));
    expect(cut).toMatchObject({ kind: 'audit_trail_shrank' });
    expect(await asSuperuser('SELECT FROM kill_switch_pull WHERE release_id IS NULL')).toHaveLength(1);
  });

  it('takes a credit outside the hours that were announced for wrong', async () => {
    await watch.end('SIGTERM');
    // As if all of it had been credited while no watch ran.
    await asSuperuser('UPDATE watch_position SET compared_xid = 0');
    const morning = Number(new Date(Date.now() + 9 * 3_600_000).toISOString().slice(11, 13)) < 12;
    const other = morning ? '12:00-24:00' : '00:00-12:00';
    watch = await startWatch(programme.server.database, { WATCH_CREDIT_HOURS: other });
    await eventually(async () => (await alerts()).some(({ kind }) => kind === 'credit_outside_hours'));
  });

  it('stops what is credited faster than it may be, and more of it than was announced', async () => {
    await watch.end('SIGTERM');
    const { server, people } = programme;
    watch = await startWatch(server.database, { WATCH_MOST_CREDITS_PER_SECOND: '1' });
    await letGoOn();
    const since = (await alerts()).length;
    const batch = await startExecuting();
    await server.app.get(CreditBatchExecution, { strict: false }).execute(BigInt(batch), new AbortController().signal);
    const credited = (await people.maker.get(`/v1/credit-batches/${batch}`)).body.creditedCount;
    expect(Number(credited)).toBeGreaterThanOrEqual(10);
    await eventually(async () => (await alerts()).slice(since).some(({ kind }) => kind === 'credits_too_fast'));
    expect(await asSuperuser('SELECT FROM kill_switch_pull WHERE release_id IS NULL')).toHaveLength(1);

    // As if the batch had been over long before all this was credited.
    await asSuperuser(
      `${BY_FORCE} UPDATE credit_batch SET finished_at = now() - interval '1 day' WHERE status = 'completed'`,
    );
    await eventually(async () => (await alerts()).slice(since).some(({ kind }) => kind === 'more_than_announced'));
    expect((await alerts()).slice(since).map(({ kind }) => kind)).toEqual(['credits_too_fast', 'more_than_announced']);
  }, 60_000);

  it('is listed for those who look into it, and not for those who do not', async () => {
    const [auditor, agent] = await Promise.all(
      (['auditor', 'support_agent'] as const).map((role) => staffToken(programme.server, role)),
    );
    const listed = await programme.server.call<{ items: { kind: string; stopsCrediting: boolean }[] }>(
      'GET',
      '/v1/watch/alerts?limit=1',
      { token: auditor?.token ?? '' },
    );
    expect(listed.body).toMatchObject({
      items: [{ kind: 'more_than_announced', stopsCrediting: true, text: { en: expect.any(String) as string } }],
    });
    const refused = await programme.server.call('GET', '/v1/watch/alerts', { token: agent?.token ?? '' });
    expect(refused.status).toBe(403);
  });
});
