import { randomUUID } from 'node:crypto';
import { Jobs } from '../../src/platform/jobs/jobs.js';
import { ItemsRoot } from '../../src/credit-batch/items-root.js';
import type { HolderView } from '../../src/call-centre/call-centre.views.js';
import type { ReleaseView } from '../../src/release/release.views.js';
import { makeKey, registeredKeys, type TestKey } from '../harness/release-keys.js';
import { createStaff, staffToken } from '../harness/staff.js';
import { decide as decideAsCompliance, revoke, waitingKey } from '../release/releases.js';
import {
  approvedBatch,
  createBatchWorld,
  draft,
  execute,
  post,
  quantities,
  show,
  startJobs,
  type BatchBody,
  type BatchWorld,
} from './batches.js';
import { eventually } from '../harness/eventually.js';

/** 115,113,700 JPY: above the amount that needs two checkers. */
const LARGE = 1_300_000_000_000n;
const LARGE_CUSTOMERS = 25;

describe('a batch above the amount that needs two checkers', () => {
  let world: BatchWorld;
  let keys: TestKey[];
  let customer = 0;
  beforeAll(async () => {
    world = await createBatchWorld([...Array<bigint>(LARGE_CUSTOMERS).fill(LARGE), ...quantities(2_100)]);
    keys = await registeredKeys(world.server.database, 4);
  });
  afterAll(() => world.server.close());

  const asApp = (sql: string, params: unknown[] = []) => world.server.database.asApp(sql, params);
  const asSuperuser = (sql: string, params: unknown[] = []) => world.server.database.asSuperuser(sql, params);
  const key = (index: number): TestKey => keys[index] ?? makeKey();
  const largeBatch = () => approvedBatch(world, { customerNos: [`C${(customer += 1)}`] });
  const release = async (id: string) =>
    (
      await world.server.call<ReleaseView>('GET', `/v1/credit-batches/${id}/release`, {
        token: world.finance.checker,
      })
    ).body;
  const send = (id: string, signed: object) =>
    post<ReleaseView & { code: string }>(
      world.server,
      world.finance.maker,
      `/v1/credit-batches/${id}/release/signatures`,
      signed,
    );
  const sign = async (id: string, signer: TestKey) => send(id, signer.sign(await release(id)));
  const begin = (id: string) => asApp(`UPDATE credit_batch SET status = 'executing' WHERE id = $1`, [id]);
  const NEEDS_SIGNATURES = { code: 'HK001', constraint: 'credit_batch_needs_signatures' };
  const view = async (id: string) => (await show(world, id)) as BatchBody & { obstacle: string | null };
  const jobs = async () => (await asSuperuser('SELECT key FROM graphile_worker.jobs')).map((job) => job.key);
  const forgetJobs = () => asSuperuser('DELETE FROM graphile_worker._private_jobs');

  it('waits for its signatures, says so, and begins by itself with the last of them', async () => {
    const { id } = await largeBatch();
    await execute(world, id);
    expect(await view(id)).toMatchObject({ status: 'approved', obstacle: 'waiting_for_signatures' });
    const agent = (await staffToken(world.server, 'support_agent')).token;
    const page = await world.server.call<HolderView>('GET', `/v1/holders/C${customer}`, { token: agent });
    expect(page.body.claims[0]?.whyNotCredited.map(({ code }) => code)).toEqual(['batch_waiting_for_signatures']);

    expect((await sign(id, key(0))).body).toMatchObject({ leastSignatures: 2, missingSignatures: 1 });
    await forgetJobs();
    await execute(world, id);
    expect(await view(id)).toMatchObject({ status: 'approved', obstacle: 'waiting_for_signatures' });
    expect(await jobs()).toEqual([]);
    expect((await sign(id, key(1))).body.missingSignatures).toBe(0);
    expect(await jobs()).toEqual([`credit-batch:${id}`]);
    expect(await view(id)).toMatchObject({ status: 'approved', obstacle: null });
    await startJobs(world);
    await eventually(async () => (await view(id)).status === 'completed');
    await world.server.app.get(Jobs).stop();
    expect((await sign(id, key(2))).body).toMatchObject({ code: 'credit_batch_in_other_state' });
  });

  it('says in its statement what the rows say', async () => {
    const batch = await largeBatch();
    const { statement, sha256, expiresAt } = await release(batch.id);
    expect(JSON.parse(statement)).toMatchObject({
      format: 'henkin-release-1',
      kind: 'credit_batch',
      subjectId: batch.id,
      count: '1',
      totalJpy: '115113700',
      contentHash: batch.contentHash,
      postingDate: batch.postingDate,
      expiresAt,
    });
    const path = `/v1/credit-batches/${batch.id}/release/statement.json`;
    const file = await world.server.call<object>('GET', path, { token: world.finance.maker });
    expect(JSON.stringify(file.body)).toBe(statement);
    expect(file.headers['content-disposition']).toContain('statement.json');
    expect(sha256).toMatch(/^[0-9a-f]{64}$/);
  });

  it('has one root, in the database and from the CSV, whatever the number of items', async () => {
    const { body: batch } = await draft(world, { maxAmountJpy: '1000000' });
    const csv = await world.server.call<string>('GET', `/v1/credit-batches/${batch.id}/items.csv`, {
      token: world.finance.maker,
    });
    const [head, ...lines] = csv.body.trim().split('\r\n');
    expect(head).toBe('seq,claim_id,wallet_account_id,amount_jpy');
    const root = new ItemsRoot();
    for (const line of lines) {
      const [seq = '', claimId = '', walletAccountId = '', amountJpy = ''] = line.split(',');
      root.add({ seq, claimId, walletAccountId, amountJpy });
    }
    const [row] = await asSuperuser('SELECT credit_batch_items_root($1) AS root', [batch.id]);
    expect(root.end()).toEqual({ count: '2100', totalJpy: batch.totalJpy, itemsRoot: row?.root });
    await post(world.server, world.finance.maker, `/v1/credit-batches/${batch.id}/cancel`);
  });

  it('takes no signature that is not this key’s over this statement, in time', async () => {
    const [{ id }, { id: other }] = [await largeBatch(), await largeBatch()];
    const own = await release(id);
    const code = async (signed: object) => (await send(id, signed)).body.code;
    expect(await code(key(0).sign(await release(other)))).toBe('release_statement_other');
    const altered = own.statement.replace('"count":"1"', '"count":"2"');
    expect(altered).not.toBe(own.statement);
    expect(await code(key(0).sign({ ...own, statement: altered }))).toBe('release_signature_wrong');
    expect(await code(makeKey().sign(own))).toBe('release_key_not_found');
    expect(await code((await waitingKey(world.server)).sign(own))).toBe('release_key_does_not_count');
    await sign(id, key(0));
    expect(await code(key(0).sign(own))).toBe('release_signed_already');
    await execute(world, id);
    expect(await view(id)).toMatchObject({ status: 'approved', obstacle: 'waiting_for_signatures' });

    await sign(id, key(3));
    await decideAsCompliance(world.server, (await revoke(world.server, key(3).fingerprint)).body);
    expect((await release(id)).missingSignatures).toBe(1);
    await expect(begin(id)).rejects.toMatchObject(NEEDS_SIGNATURES);
    expect((await sign(other, key(3))).body.code).toBe('release_key_does_not_count');
    await execute(world, id);
    expect((await view(id)).status).toBe('approved');
    await sign(id, key(1));
    await execute(world, id);
    expect((await view(id)).status).toBe('completed');
  });

  it('gets a new statement when the old one has expired, and all sign again', async () => {
    const { id } = await largeBatch();
    await sign(id, key(0));
    await sign(id, key(1));
    const remake = () =>
      post<ReleaseView & { code: string }>(world.server, world.finance.maker, `/v1/credit-batches/${id}/release`);
    expect((await remake()).body.code).toBe('release_statement_stands');
    const old = await release(id);
    await asSuperuser(
      `SET session_replication_role = replica;
       UPDATE release_statement SET created_at = now() - interval '2 days', expires_at = now() - interval '1 day' WHERE sha256 = '${old.sha256}'`,
    );
    await expect(begin(id)).rejects.toMatchObject(NEEDS_SIGNATURES);
    expect((await sign(id, key(2))).body.code).toBe('release_statement_expired');
    const { status, body: fresh } = await remake();
    expect(status).toBe(201);
    expect(fresh).toMatchObject({ missingSignatures: 2, signatures: [] });
    expect((await send(id, key(0).sign(old))).body.code).toBe('release_statement_other');
    await sign(id, key(0));
    await sign(id, key(1));
    await execute(world, id);
    expect((await view(id)).status).toBe('completed');
  });

  it('records each key once under 30 parallel signatures, and credits once', async () => {
    const { id } = await largeBatch();
    await forgetJobs();
    const statement = await release(id);
    const answers = await Promise.all(
      Array.from({ length: 30 }, (_, index) => send(id, key(index % 2).sign(statement))),
    );
    const codes = answers.map(({ status, body }) => (status === 200 ? 'taken' : body.code));
    expect(codes.filter((code) => code === 'taken')).toHaveLength(2);
    expect(
      codes.filter((code) => ['release_signed_already', 'credit_batch_in_other_state'].includes(code)),
    ).toHaveLength(28);
    await Promise.all([execute(world, id), execute(world, id)]);
    expect(await view(id)).toMatchObject({ status: 'completed', creditedCount: '1' });
    expect(
      await asSuperuser(
        `SELECT FROM ledger_transfer t JOIN credit_batch_item i ON i.claim_id = t.reference_id AND t.kind = 'credit' WHERE i.batch_id = $1`,
        [id],
      ),
    ).toHaveLength(1);
  });

  it('is begun by the database only when enough keys have signed what its rows say', async () => {
    const { id } = await largeBatch();
    await expect(begin(id)).rejects.toMatchObject(NEEDS_SIGNATURES);
    await sign(id, key(0));
    await expect(begin(id)).rejects.toMatchObject(NEEDS_SIGNATURES);
    const { statement } = await release(id);
    const { staffId } = await staffToken(world.server, 'finance_maker');
    const said = JSON.parse(statement) as Record<string, string>;
    for (const lie of [
      { itemsRoot: '0'.repeat(64) },
      { count: '2' },
      { totalJpy: '115113701' },
      { contentHash: '0'.repeat(64) },
      { kind: 'release_rule' },
      { subjectId: '999999' },
    ]) {
      const forged = JSON.stringify({ ...said, nonce: randomUUID(), ...lie });
      await asApp('INSERT INTO release_statement (statement) VALUES ($1)', [forged]);
      await asApp(
        `INSERT INTO release_signature (statement_id, key_id, signature, recorded_by)
         SELECT s.id, k.id, decode(repeat('00', 64), 'hex'), $1
         FROM (SELECT id FROM release_statement ORDER BY id DESC LIMIT 1) AS s, release_key k WHERE k.fingerprint = ANY ($2)`,
        [staffId, [key(0).fingerprint, key(1).fingerprint, key(2).fingerprint]],
      );
      await expect(begin(id)).rejects.toMatchObject(NEEDS_SIGNATURES);
    }
  });

  it('needs none below the amount, and has no statement', async () => {
    const { id } = await approvedSmall();
    expect(await view(id)).toMatchObject({ status: 'approved', obstacle: null });
    const path = `/v1/credit-batches/${id}/release`;
    expect(await world.server.call('GET', path, { token: world.finance.maker })).toMatchObject({
      status: 404,
      body: { code: 'release_statement_not_found' },
    });
    expect((await post(world.server, world.finance.maker, path)).body).toMatchObject({ code: 'release_not_needed' });
    await execute(world, id);
    expect((await view(id)).status).toBe('completed');
  });

  /** What the one maker asked for today is far above the amount, so this is another's. */
  async function approvedSmall(): Promise<BatchBody> {
    const { token: maker } = await createStaff(world.server, 'finance_maker');
    return approvedBatch({ ...world, finance: { ...world.finance, maker } }, { customerNos: ['C30'] });
  }
});
