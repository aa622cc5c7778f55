import { createTestApp, type TestApp } from '../harness/app.js';
import { makeKey, registeredKeys, type TestKey } from '../harness/release-keys.js';
import { staffToken } from '../harness/staff.js';
import { propose, proposeRule, waitingKey } from './releases.js';

/** Everything here goes around the application: plain SQL in its role. */
describe('what the database says about keys, rules and signatures', () => {
  let server: TestApp;
  let keys: TestKey[];
  let staffId: string;
  beforeAll(async () => {
    server = await createTestApp();
    ({ staffId } = await staffToken(server, 'finance_checker'));
    keys = await registeredKeys(server.database, 3);
  });
  afterAll(() => server.close());

  const asApp = (sql: string, params: unknown[] = []) => server.database.asApp(sql, params);
  const refused = (guard: string) => ({ code: 'HK001', constraint: guard });
  const DENIED = { code: '42501' };

  async function statement(expiresAt: string, other: object = {}): Promise<string> {
    const text = JSON.stringify({ format: 'henkin-release-1', kind: 'test', subjectId: '1', expiresAt, ...other });
    const [row] = await asApp('INSERT INTO release_statement (statement) VALUES ($1) RETURNING id', [text]);
    return String(row?.id);
  }
  const tomorrow = () => new Date(Date.now() + 86_400_000).toISOString();
  const sign = (statementId: string, fingerprint: string | undefined) =>
    asApp(
      `INSERT INTO release_signature (statement_id, key_id, signature, recorded_by)
       SELECT $1, id, decode(repeat('00', 64), 'hex'), $3 FROM release_key WHERE fingerprint = $2`,
      [statementId, fingerprint, staffId],
    );

  it('lets no key count without two people', async () => {
    const { body } = await propose(server, makeKey());
    await expect(asApp(`UPDATE release_key SET status = 'active' WHERE id = $1`, [body.id])).rejects.toMatchObject(
      refused('release_key_needs_two'),
    );
    await expect(
      asApp(`UPDATE release_key SET status = 'revoked' WHERE fingerprint = $1`, [keys[0]?.fingerprint]),
    ).rejects.toMatchObject(refused('release_key_revocation_needs_two'));
    for (const column of ['public_key', 'label', 'registered_at', 'counts_from', 'revoked_at'])
      await expect(asApp(`UPDATE release_key SET ${column} = NULL`)).rejects.toMatchObject(DENIED);
    await expect(
      asApp(
        `INSERT INTO release_key (public_key, label, proposed_by, status) VALUES (decode(repeat('11', 32), 'hex'), 'x', $1, 'active')`,
        [staffId],
      ),
    ).rejects.toMatchObject(DENIED);
  });

  it('lets a waiting key wait, also for whoever owns the table', async () => {
    const { id, fingerprint } = await waitingKey(server);
    await expect(sign(await statement(tomorrow()), fingerprint)).rejects.toMatchObject(
      refused('release_signature_by_counting_key'),
    );
    await expect(
      server.database.asSuperuser('UPDATE release_key SET public_key = decode(repeat($2, 32), $3) WHERE id = $1', [
        id,
        '11',
        'hex',
      ]),
    ).rejects.toMatchObject(refused('release_key_never_rewritten'));
    await expect(asApp(`UPDATE release_key SET status = 'rejected' WHERE id = $1`, [id])).rejects.toMatchObject(
      refused('release_key_state'),
    );
  });

  it('makes no rule effective without two people, and no weaker one without signatures', async () => {
    const { body: stricter } = await proposeRule(server, 5);
    const { body: weaker } = await proposeRule(server, 2, 1);
    const takeEffect = (id: string) => asApp(`UPDATE release_rule SET status = 'effective' WHERE id = $1`, [id]);
    await expect(takeEffect(stricter.id)).rejects.toMatchObject(refused('release_rule_needs_two'));
    await server.database.asSuperuser(
      `WITH off AS (SELECT set_config('session_replication_role', 'replica', false))
       UPDATE approval_request SET status = 'approved', closed_at = now() FROM off WHERE subject_id = $1`,
      [weaker.id],
    );
    await expect(takeEffect(weaker.id)).rejects.toMatchObject(refused('release_rule_weaker_needs_signatures'));
    await expect(
      asApp(`INSERT INTO release_rule (least_signatures, waiting_hours, status) VALUES (2, 0, 'effective')`),
    ).rejects.toMatchObject(DENIED);
    await expect(
      server.database.asSuperuser(
        `INSERT INTO release_rule (least_signatures, waiting_hours, status) VALUES (2, 0, 'effective')`,
      ),
    ).rejects.toMatchObject(refused('release_rule_set_before_keys'));
    await expect(
      asApp('INSERT INTO release_rule (least_signatures, waiting_hours, proposed_by) VALUES (1, 24, $1)', [staffId]),
    ).rejects.toMatchObject({ constraint: 'release_rule_several' });
  });

  it('records a signature once, in time, and for ever', async () => {
    const id = await statement(tomorrow());
    await sign(id, keys[0]?.fingerprint);
    await expect(sign(id, keys[0]?.fingerprint)).rejects.toMatchObject({
      constraint: 'release_signature_once_per_key',
    });
    await expect(statement(new Date(Date.now() - 1).toISOString())).rejects.toMatchObject({
      constraint: 'release_statement_expires',
    });
    await expect(statement(tomorrow(), { format: 'other' })).rejects.toMatchObject({
      constraint: 'release_statement_format',
    });
    const shortLived = await statement(tomorrow(), { nonce: '1' });
    await server.database.asSuperuser(
      `SET session_replication_role = replica;
       UPDATE release_statement SET created_at = now() - interval '2 days', expires_at = now() - interval '1 day' WHERE id = '${shortLived}'`,
    );
    await expect(sign(shortLived, keys[1]?.fingerprint)).rejects.toMatchObject(refused('release_signature_in_time'));
    for (const table of ['release_statement', 'release_signature']) {
      const column = table === 'release_statement' ? 'statement' : 'signature';
      for (const change of [
        `UPDATE ${table} SET ${column} = NULL`,
        `DELETE FROM ${table}`,
        `TRUNCATE ${table} CASCADE`,
      ]) {
        await expect(asApp(change)).rejects.toMatchObject(DENIED);
        await expect(server.database.asSuperuser(change)).rejects.toMatchObject({ code: 'HK001' });
      }
    }
    for (const table of ['release_key', 'release_rule'])
      await expect(server.database.asSuperuser(`DELETE FROM ${table}`)).rejects.toMatchObject({ code: 'HK001' });
  });
});
