import { CreditBatchExecution } from '../../src/credit-batch/credit-batch-execution.js';
import type { KillSwitchReleaseView, KillSwitchView } from '../../src/credit-batch/kill-switch.views.js';
import { runSql } from '../harness/database.js';
import {
  approvedBatch,
  createBatchWorld,
  credited,
  decide,
  execute,
  post,
  quantities,
  show,
  type BatchWorld,
} from './batches.js';

const REASON = { reason: 'A balance is being looked into.' };

describe('the kill switch and the sign of life of the watch', () => {
  let world: BatchWorld;
  let customer = 0;

  beforeAll(async () => {
    world = await createBatchWorld(quantities(30));
  });
  afterAll(() => world.server.close());

  const asApp = (sql: string, params: unknown[] = []) => world.server.database.asApp(sql, params);
  const asSuperuser = <R extends object>(sql: string, params: unknown[] = []) =>
    world.server.database.asSuperuser<R & Record<string, unknown>>(sql, params);
  const asWatch = (sql: string, params: unknown[] = []) => runSql(world.server.database.watchUrl, sql, params);
  const refused = (guard: string) => ({ code: 'HK001', constraint: guard });
  const state = async () =>
    (await world.server.call<KillSwitchView>('GET', '/v1/kill-switch', { token: world.finance.checker })).body;
  const pull = (token = world.finance.maker) =>
    post<KillSwitchView>(world.server, token, '/v1/kill-switch/pull', REASON);
  const askRelease = (token = world.finance.maker) =>
    post<KillSwitchReleaseView & { code: string }>(world.server, token, '/v1/kill-switch/release', REASON);
  const nextBatch = () => approvedBatch(world, { customerNos: [`C${(customer += 1)}`, `C${(customer += 1)}`] });
  const sweep = () => world.server.app.get(CreditBatchExecution, { strict: false }).sweep();
  const setSeenAt = (seenAt: string) =>
    asSuperuser(
      `WITH off AS (SELECT set_config('session_replication_role', 'replica', false))
       UPDATE watch_heartbeat SET seen_at = ${seenAt} FROM off`,
    );

  async function release(): Promise<void> {
    const { body } = await askRelease();
    const decided = await decide(world, body.approvalRequest.id);
    expect(decided.body.status).toBe('approved');
  }

  it('[26] stops a batch before its next chunk; two people release it, and two look at the batch', async () => {
    const batch = await nextBatch();
    expect((await pull()).body).toMatchObject({
      pulled: true,
      creditingObstacle: 'kill_switch_pulled',
      pulls: [{ cause: 'person', ...REASON }],
    });
    await execute(world, batch.id);
    expect(await show(world, batch.id)).toMatchObject({
      status: 'paused',
      pauseKind: 'alert',
      pauseReason: 'kill_switch_pulled',
      creditedCount: '0',
    });
    const resume = () => post(world.server, world.finance.maker, `/v1/credit-batches/${batch.id}/resume`);
    expect((await resume()).body).toMatchObject({ code: 'kill_switch_pulled' });
    await release();
    expect(await state()).toMatchObject({ pulled: false, pulls: [], creditingObstacle: null });
    expect((await show(world, batch.id)).status).toBe('paused');
    await decide(world, (await resume()).body.approvalRequest?.id ?? '');
    await execute(world, batch.id);
    expect(await show(world, batch.id)).toMatchObject({ status: 'completed', creditedCount: '2' });
    expect((await askRelease()).body.code).toBe('kill_switch_not_pulled');
  });

  it('is not released by whoever asked, nor by an approval of fewer pulls than there are', async () => {
    await pull();
    const { body: asked } = await askRelease(world.finance.checker);
    const own = await post<{ code: string }>(
      world.server,
      world.finance.checker,
      `/v1/approval-requests/${asked.approvalRequest.id}/decisions`,
      { decision: 'approve' },
    );
    expect(own.status).toBe(403);
    await pull(world.finance.secondChecker);
    const late = await post<{ status: string; code: string }>(
      world.server,
      world.finance.secondChecker,
      `/v1/approval-requests/${asked.approvalRequest.id}/decisions`,
      { decision: 'approve' },
    );
    expect(late.body.status).not.toBe('approved');
    expect((await state()).pulls).toHaveLength(2);
    await release();
    expect((await state()).pulled).toBe(false);
  });

  it('is not released over SQL, and its history is written once', async () => {
    await pull();
    await asApp(
      `INSERT INTO kill_switch_release (pull_ids, reason, made_by)
       SELECT array_agg(p.id), 'because I say so', (SELECT id FROM staff LIMIT 1) FROM kill_switch_pull p WHERE release_id IS NULL`,
    );
    const forge = `UPDATE kill_switch_pull SET release_id = (SELECT max(id) FROM kill_switch_release) WHERE release_id IS NULL`;
    await expect(asApp(forge)).rejects.toMatchObject(refused('kill_switch_release_needs_two'));
    await expect(asApp(`UPDATE kill_switch_pull SET reason = 'nothing'`)).rejects.toMatchObject({ code: '42501' });
    await expect(asApp('DELETE FROM kill_switch_pull')).rejects.toMatchObject({ code: '42501' });
    await expect(
      asApp(`INSERT INTO kill_switch_pull (cause, reason) VALUES ('watch', 'in its name')`),
    ).rejects.toMatchObject(refused('kill_switch_pull_by_the_watch'));
    await expect(asSuperuser('DELETE FROM kill_switch_pull')).rejects.toMatchObject({ code: 'HK001' });
    await expect(asSuperuser(`UPDATE kill_switch_release SET reason = 'nothing'`)).rejects.toMatchObject({
      code: 'HK001',
    });
    await expect(asWatch(forge)).rejects.toMatchObject({ code: '42501' });
    expect((await state()).pulled).toBe(true);
    await release();
  });

  it('refuses the credits themselves, whatever the application believes', async () => {
    const batch = await nextBatch();
    await asApp(`UPDATE credit_batch SET status = 'executing' WHERE id = $1`, [batch.id]);
    const credit = () =>
      asApp(
        `WITH one AS (UPDATE claim SET status = 'credited', version = version + 1
                      WHERE id = (SELECT claim_id FROM credit_batch_item WHERE batch_id = $1 AND seq = 1) RETURNING id, wallet_account_id, amount_jpy)
         INSERT INTO ledger_transfer (kind, debit_account_id, credit_account_id, amount_jpy, reference_id, posting_date, label)
         SELECT 'credit', (SELECT id FROM ledger_account WHERE kind = 'approved_uncredited'), wallet_account_id, amount_jpy, id,
                (timezone('Asia/Tokyo', now()))::date, 'NEM補償金' FROM one`,
        [batch.id],
      );
    await asWatch(`SELECT pull_kill_switch('the test has found something')`);
    await expect(credit()).rejects.toMatchObject(refused('crediting_kill_switch_pulled'));
    expect((await state()).pulls).toMatchObject([{ cause: 'watch', pulledBy: null }]);
    await release();
    await setSeenAt(`now() - interval '16 seconds'`);
    await expect(credit()).rejects.toMatchObject(refused('crediting_watch_absent'));
    await setSeenAt(`'infinity'`);
    await credit();
  });

  /** Those that are not the clock's, which comes every minute. */
  const nextLooks = () =>
    asSuperuser(
      `SELECT run_at < now() + interval '10 seconds' AS soon FROM graphile_worker.jobs WHERE key = 'credit-batch-sweep'`,
    );

  it('lets a batch wait while nobody watches, says so, and lets it go on once somebody does', async () => {
    const batch = await nextBatch();
    const before = await credited(world);
    await setSeenAt(`now() - interval '16 seconds'`);
    await execute(world, batch.id);
    expect(await show(world, batch.id)).toMatchObject({
      status: 'paused',
      pauseKind: 'unwatched',
      pauseReason: 'watch_absent',
    });
    expect(await nextLooks()).toEqual([{ soon: true }]);
    await sweep();
    expect((await show(world, batch.id)).status).toBe('paused');
    expect(await nextLooks()).toEqual([{ soon: true }]);
    expect(await credited(world)).toEqual(before);
    await setSeenAt(`'infinity'`);
    await sweep();
    await execute(world, batch.id);
    expect(await show(world, batch.id)).toMatchObject({ status: 'completed', creditedCount: '2' });
    const said = await asSuperuser(
      `SELECT action, after->>'reason' AS reason FROM audit_event WHERE subject_type = 'credit_batch' AND subject_id = $1 ORDER BY id`,
      [batch.id],
    );
    expect(said).toEqual(
      expect.arrayContaining([
        { action: 'credit_batch.paused', reason: 'watch_absent' },
        { action: 'credit_batch.resumed', reason: 'watch_back' },
      ]),
    );
  });

  it('takes the sign of life from the watch alone, at the time of the database', async () => {
    await expect(asApp('UPDATE watch_heartbeat SET seen_at = now()')).rejects.toMatchObject({ code: '42501' });
    await expect(asApp('UPDATE watch_position SET settled_id = 9')).rejects.toMatchObject({ code: '42501' });
    await asWatch(`UPDATE watch_heartbeat SET seen_at = now() + interval '1 year', transfer_id = 0`);
    const [beat] = await asSuperuser('SELECT seen_at <= clock_timestamp() AS honest FROM watch_heartbeat');
    expect(beat).toEqual({ honest: true });
    await setSeenAt(`'infinity'`);
  });

  it('[26] takes a watch that beats without comparing for none', async () => {
    const obstacle = async () => (await state()).creditingObstacle;
    const [{ newest = '0' } = {}] = await asSuperuser<{ newest: string }>(
      'SELECT max(id) AS newest FROM ledger_transfer',
    );
    await asSuperuser(
      `SET session_replication_role = replica; UPDATE ledger_transfer SET created_at = now() - interval '61 seconds'`,
    );
    await asWatch('UPDATE watch_heartbeat SET seen_at = now(), transfer_id = 0');
    expect(await obstacle()).toBe('watch_absent');
    await asWatch('UPDATE watch_heartbeat SET seen_at = now(), transfer_id = $1', [newest]);
    expect(await obstacle()).toBeNull();
    await expect(asWatch('UPDATE watch_heartbeat SET transfer_id = 1000000')).rejects.toMatchObject(
      refused('watch_heartbeat_saw_what_there_is'),
    );
  });
});
