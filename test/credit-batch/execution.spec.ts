import pg from 'pg';
import { createApp } from '../../src/app.js';
import { CreditBatchExecution } from '../../src/credit-batch/credit-batch-execution.js';
import { eventually } from '../harness/eventually.js';
import { countStatements } from '../harness/statements.js';
import {
  approvedBatch,
  createBatchWorld,
  credited,
  decide,
  execute,
  post,
  quantities,
  show,
  startJobs,
  sum,
  type BatchBody,
  type BatchWorld,
} from './batches.js';

const CHUNK = 5_000;
/** The first of each run is shorter. */
const FIRST = CHUNK / 2;

describe('the execution of a batch', () => {
  let world: BatchWorld;
  afterEach(() => world.server.close());

  const command = (id: string, verb: string, token = world.finance.maker) =>
    post(world.server, token, `/v1/credit-batches/${id}/${verb}`);
  const asSuperuser = (sql: string, params: unknown[] = []) => world.server.database.asSuperuser(sql, params);
  const jobs = async () => (await asSuperuser('SELECT key FROM graphile_worker.jobs')).map((job) => job.key);
  const customers = (from: number, to: number) =>
    Array.from({ length: to - from + 1 }, (_, index) => `C${from + index}`);

  /** Someone else holds a claim of one of the batch's chunks, so that the execution stands still in it until released. */
  async function standInChunk(chunk: number, id: string): Promise<{ release(): Promise<void> }> {
    const other = new pg.Client({ connectionString: world.server.database.superuserUrl });
    await other.connect();
    await other.query('BEGIN');
    await other.query(
      'SELECT FROM claim WHERE id = (SELECT claim_id FROM credit_batch_item WHERE batch_id = $1 AND seq = $2) FOR UPDATE',
      [id, chunk === 1 ? 1 : FIRST + (chunk - 2) * CHUNK + 1],
    );
    return {
      release: async () => {
        await other.query('COMMIT');
        await other.end();
      },
    };
  }

  const waitsForAClaim = (statement = 'chunk AS') =>
    eventually(
      async () =>
        (
          await asSuperuser(
            `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE '%' || $1 || '%'`,
            [statement],
          )
        ).length > 0,
    );

  it('stops at a chunk boundary when the process is to stop, leaves the rest to another job, and goes on there', async () => {
    world = await createBatchWorld(quantities(2 * CHUNK + 500));
    const { id } = await approvedBatch(world);
    const stop = new AbortController();
    const standing = await standInChunk(2, id);
    const run = execute(world, id, stop.signal);
    await waitsForAClaim();
    stop.abort();
    await standing.release();
    await run;
    expect(await show(world, id)).toMatchObject({
      status: 'executing',
      creditedCount: String(FIRST + CHUNK),
      remainingCount: String(2 * CHUNK + 500 - FIRST - CHUNK),
    });
    expect(await jobs()).toContain(`credit-batch:${id}`);
    await startJobs(world);
    await eventually(async () => (await show(world, id)).status === 'completed');
    const total = sum(world.amounts);
    expect(await credited(world)).toEqual({
      claims: 10_500,
      transfers: 10_500,
      sumJpy: total,
      walletsJpy: total,
      mostPerClaim: 1,
    });
    const chunks = await asSuperuser(
      `SELECT row_count, sum_jpy, length(rows_digest) AS digest FROM audit_event WHERE action = 'credit_batch.credited' ORDER BY id`,
    );
    expect(chunks).toMatchObject([
      { row_count: '2500', digest: 64 },
      { row_count: '5000' },
      { row_count: '2500' },
      { row_count: '500' },
    ]);
    expect(sum(chunks.map((chunk) => BigInt(String(chunk.sum_jpy))))).toBe(total);
  });

  it('pauses at once, undoes the chunk under way, resumes with one person, and ends early with two', async () => {
    world = await createBatchWorld(quantities(3 * CHUNK));
    const { id } = await approvedBatch(world);
    const standing = await standInChunk(2, id);
    const run = execute(world, id);
    await eventually(async () => (await show(world, id)).creditedCount === String(FIRST));
    await waitsForAClaim();
    expect((await command(id, 'pause', world.finance.checker)).body).toMatchObject({
      status: 'paused',
      pauseKind: 'ordinary',
      pauseReason: 'paused by finance',
      possible: ['resume', 'stop'],
    });
    await standing.release();
    await run;
    const paused = await show(world, id);
    expect(paused).toMatchObject({ status: 'paused', pauseKind: 'ordinary', creditedCount: String(FIRST) });
    await execute(world, id);
    expect(await show(world, id)).toMatchObject({ status: 'paused', creditedCount: paused.creditedCount });

    expect((await command(id, 'resume')).body).toMatchObject({ status: 'executing', approvalRequest: null });
    expect(await jobs()).toContain(`credit-batch:${id}`);
    await command(id, 'pause');
    const { body: asked } = await command(id, 'stop');
    expect(asked).toMatchObject({ status: 'paused', approvalRequest: { status: 'pending' } });
    expect((await decide(world, asked.approvalRequest?.id ?? '')).body).toMatchObject({ status: 'approved' });
    expect(await show(world, id)).toMatchObject({
      status: 'stopped',
      creditedCount: String(FIRST),
      skippedCount: String(3 * CHUNK - FIRST),
      remainingCount: '0',
      skipped: [{ reason: 'released', count: String(3 * CHUNK - FIRST) }],
    });
    expect(await credited(world)).toMatchObject({ claims: FIRST, mostPerClaim: 1 });
    const rest = await approvedBatch(world);
    expect(rest.itemCount).toBe(String(3 * CHUNK - FIRST));
  });

  it('undoes a chunk that is ready before the one that it follows, and credits all in the order of positions', async () => {
    world = await createBatchWorld(quantities(3 * CHUNK));
    const { id } = await approvedBatch(world);
    const standing = await standInChunk(1, id);
    const run = execute(world, id);
    await waitsForAClaim();
    const writing = () =>
      asSuperuser(
        `SELECT FROM pg_stat_activity WHERE datname = current_database() AND query LIKE '%chunk AS%'
           AND pid <> pg_backend_pid() AND state <> 'idle' AND wait_event_type IS DISTINCT FROM 'Lock'`,
      );
    await eventually(async () => (await writing()).length === 0);
    expect(await credited(world)).toMatchObject({ claims: 0, transfers: 0 });
    await standing.release();
    await run;
    expect(await show(world, id)).toMatchObject({ status: 'completed', creditedCount: String(3 * CHUNK) });
    expect(await credited(world)).toMatchObject({ claims: 3 * CHUNK, transfers: 3 * CHUNK, mostPerClaim: 1 });
    const positions = await asSuperuser(
      `SELECT after ->> 'fromSeq' AS from_seq FROM audit_event WHERE action = 'credit_batch.credited' ORDER BY id`,
    );
    const from = positions.map((event) => Number(event.from_seq));
    expect(from[0]).toBe(1);
    expect(from).toEqual(from.toSorted((left, right) => left - right));
  });

  it('credits each claim once when two servers work on one batch', async () => {
    world = await createBatchWorld(quantities(3 * CHUNK));
    const { id } = await approvedBatch(world);
    const second = await createApp(world.server.config);
    try {
      const other = second.get(CreditBatchExecution, { strict: false });
      await Promise.all([execute(world, id), other.execute(BigInt(id), new AbortController().signal)]);
    } finally {
      await second.close();
    }
    const total = sum(world.amounts);
    expect(await show(world, id)).toMatchObject({ status: 'completed', creditedJpy: total.toString() });
    expect(await credited(world)).toEqual({
      claims: 15_000,
      transfers: 15_000,
      sumJpy: total,
      walletsJpy: total,
      mostPerClaim: 1,
    });
  });

  it('[16] skips a claim whose hold arrives while its chunk waits, and pays the others', async () => {
    world = await createBatchWorld(quantities(20));
    const { id } = await approvedBatch(world);
    const other = new pg.Client({ connectionString: world.server.database.superuserUrl });
    await other.connect();
    await other.query('BEGIN');
    await other.query(
      `INSERT INTO claim_hold (claim_id, visibility, status, reason_code, reason_text, content_hash)
       SELECT claim_id, 'open', 'active', 'no_wallet', 'closed', repeat('a', 64) FROM credit_batch_item WHERE batch_id = $1 AND seq = 7`,
      [id],
    );
    const run = execute(world, id);
    await waitsForAClaim();
    await other.query('COMMIT');
    await other.end();
    await run;
    const batch = await show(world, id);
    expect(batch).toMatchObject({
      status: 'completed',
      creditedCount: '19',
      skippedCount: '1',
      skipped: [{ reason: 'under_review', count: '1' }],
    });
    expect(BigInt(batch.creditedJpy) + BigInt(batch.skippedJpy)).toBe(BigInt(batch.totalJpy));
    expect(await asSuperuser('SELECT met_at IS NOT NULL AS met FROM claim_hold')).toEqual([{ met: true }]);
    const items = await world.server.call<{ items: { seq: string; state: string; skipReason: string | null }[] }>(
      'GET',
      `/v1/credit-batches/${id}/items?limit=100`,
      { token: world.finance.maker },
    );
    expect(items.body.items.find((item) => item.seq === '7')).toMatchObject({
      state: 'skipped',
      skipReason: 'under_review',
    });
    expect(JSON.stringify(items.body)).not.toContain('no_wallet');
  });

  it('pays a claim whose hold ends just when it was to be skipped', async () => {
    world = await createBatchWorld(quantities(20));
    const { id } = await approvedBatch(world);
    await asSuperuser(
      `INSERT INTO claim_hold (claim_id, visibility, status, reason_code, reason_text, content_hash)
       SELECT claim_id, 'open', 'active', 'no_wallet', 'closed', repeat('a', 64) FROM credit_batch_item WHERE batch_id = $1 AND seq = 7`,
      [id],
    );
    const other = new pg.Client({ connectionString: world.server.database.superuserUrl });
    await other.connect();
    await other.query('BEGIN');
    await other.query(
      `UPDATE claim_hold SET status = 'released', released_by = (SELECT min(id::text)::uuid FROM staff), released_at = now(), release_reason = 'opened again'`,
    );
    const run = execute(world, id);
    await waitsForAClaim('rest AS');
    await other.query('COMMIT');
    await other.end();
    await run;
    expect(await show(world, id)).toMatchObject({ status: 'completed', creditedCount: '20', skippedCount: '0' });
    expect(await credited(world)).toMatchObject({ claims: 20, transfers: 20, mostPerClaim: 1 });
  });

  it('pauses with an alert when something is not as it must be; then two people resume', async () => {
    world = await createBatchWorld(quantities(5));
    const { id } = await approvedBatch(world);
    await asSuperuser(`UPDATE ledger_account SET balance_jpy = 100 WHERE kind = 'approved_uncredited'`);
    await execute(world, id);
    expect(await show(world, id)).toMatchObject({
      status: 'paused',
      pauseKind: 'alert',
      pauseReason: 'refused by the database: ledger_account_never_below_zero',
      creditedCount: '0',
    });
    expect(await credited(world)).toMatchObject({ claims: 0, transfers: 0 });
    await execute(world, id);
    expect((await show(world, id)).status).toBe('paused');

    await asSuperuser(`UPDATE ledger_account SET balance_jpy = $1 WHERE kind = 'approved_uncredited'`, [
      sum(world.amounts).toString(),
    ]);
    const { body: asked } = await command(id, 'resume');
    expect(asked).toMatchObject({ status: 'paused', approvalRequest: { status: 'pending' } });
    expect((await command(id, 'resume')).body).toMatchObject({ code: 'approval_already_requested' });
    await decide(world, asked.approvalRequest?.id ?? '');
    expect((await show(world, id)).status).toBe('executing');
    await execute(world, id);
    expect(await show(world, id)).toMatchObject({ status: 'completed', creditedCount: '5' });
  });

  it('does not begin after its posting date, keeps its claims, and is submitted again with a new date', async () => {
    world = await createBatchWorld(quantities(4));
    const { id } = await approvedBatch(world);
    // As if it had been approved yesterday and no worker had run since.
    await asSuperuser(
      `WITH off AS (SELECT set_config('session_replication_role', 'replica', false)),
       aged AS (UPDATE credit_batch SET posting_date = posting_date - 1, not_before = not_before - interval '1 day' FROM off WHERE id = $1 RETURNING credit_batch.*)
       SELECT FROM aged`,
      [id],
    );
    await execute(world, id);
    const given: BatchBody = await show(world, id);
    expect(given).toMatchObject({ status: 'draft', itemCount: '4', contentHash: null, creditedCount: '0' });
    const submitTo = (body: object) =>
      post(world.server, world.finance.maker, `/v1/credit-batches/${id}/submit`, {
        controlTotalJpy: given.totalJpy,
        ...body,
      });
    expect((await submitTo({})).body).toMatchObject({ code: 'posting_date_passed' });
    const { body: again } = await submitTo({ postingDate: '2100-01-01' });
    await decide(world, again.approvalRequest?.id ?? '');
    await execute(world, id);
    expect(await show(world, id)).toMatchObject({ status: 'completed', postingDate: '2100-01-01' });
    expect(await asSuperuser(`SELECT DISTINCT posting_date::text FROM ledger_transfer WHERE kind = 'credit'`)).toEqual([
      { posting_date: '2100-01-01' },
    ]);
  });

  it('has the head of the audit chain signed when money begins to be released, and when that has ended', async () => {
    world = await createBatchWorld(quantities(4));
    const { id } = await approvedBatch(world);
    const asked = async () => (await jobs()).includes('audit-sign-head-now');
    expect(await asked()).toBe(false);
    const standing = await standInChunk(1, id);
    const run = execute(world, id);
    await waitsForAClaim();
    expect(await asked()).toBe(true);
    await asSuperuser('DELETE FROM graphile_worker._private_jobs');
    await standing.release();
    await run;
    expect(await show(world, id)).toMatchObject({ status: 'completed' });
    expect(await asked()).toBe(true);
  });

  it('waits for its time, and has a job again when its job got lost', async () => {
    world = await createBatchWorld(quantities(4));
    const { id } = await approvedBatch(
      world,
      {},
      { notBefore: new Date(Date.now() + 3_600_000).toISOString(), postingDate: '2100-01-01' },
    );
    await execute(world, id);
    expect((await show(world, id)).status).toBe('approved');
    expect(await jobs()).toEqual([`credit-batch:${id}`]);
    await asSuperuser('DELETE FROM graphile_worker._private_jobs');
    await world.server.app.get(CreditBatchExecution, { strict: false }).sweep();
    await world.server.app.get(CreditBatchExecution, { strict: false }).sweep();
    expect(await jobs()).toEqual([`credit-batch:${id}`]);
  });

  it('sends as many statements for a chunk of 2,500 as for one of 50', async () => {
    world = await createBatchWorld(quantities(FIRST + 50));
    const small = await approvedBatch(world, { customerNos: customers(1, 50) });
    const large = await approvedBatch(world, { customerNos: customers(51, FIRST + 50) });
    expect([small.itemCount, large.itemCount]).toEqual(['50', '2500']);
    const forFifty = await countStatements(() => execute(world, small.id));
    const forMany = await countStatements(() => execute(world, large.id));
    expect(forFifty).toBeGreaterThan(3);
    expect(forMany).toBe(forFifty);
  });
});
