import pg from 'pg';
import { createTestDatabase, type TestDatabase } from '../harness/database.js';

/** What the database refuses although the application's own role asks for it in plain SQL. */
describe('identity in the database', () => {
  let database: TestDatabase;
  let staffId: string;
  beforeAll(async () => {
    database = await createTestDatabase();
    const [row] = await database.asSuperuser<{ id: string }>(
      `INSERT INTO staff (login, display_name, role) VALUES ('a.person', 'A', 'auditor') RETURNING id`,
    );
    staffId = String(row?.id);
    await database.asApp(
      `INSERT INTO staff_totp (staff_id, sealed_secret, last_used_step) VALUES ($1, 'v1.sealed', 10)`,
      [staffId],
    );
  });
  afterAll(() => database.drop());

  const denied = { code: '42501' };
  const broken = (constraint: string, code = '23514') => ({ code, constraint });
  const hash = (digit: string) => digit.repeat(64);

  it.each([
    ['DELETE FROM staff'],
    ['TRUNCATE staff CASCADE'],
    [`UPDATE staff SET id = uuidv7()`],
    [`UPDATE staff SET login = 'other'`],
    [`UPDATE staff SET created_at = now()`],
    [`INSERT INTO staff (login, display_name, role, password_hash) VALUES ('b.person', 'B', 'auditor', '$argon2id$x')`],
    [`UPDATE staff_session SET expires_at = 'infinity'`],
    [
      `INSERT INTO staff_session (staff_id, address, expires_at) VALUES ('00000000-0000-0000-0000-000000000000', '::1', 'infinity')`,
    ],
    [`UPDATE staff_session SET staff_id = '00000000-0000-0000-0000-000000000000'`],
    ['DELETE FROM staff_refresh_token'],
    [`UPDATE staff_refresh_token SET token_hash = '${hash('a')}'`],
    ['ALTER TABLE staff ADD COLUMN stray int'],
    ['DROP VIEW staff_interest'],
  ])('denies %s', async (sql) => {
    await expect(database.asApp(sql)).rejects.toMatchObject(denied);
  });

  it.each([
    // The first two administrators are made by an operator: these rows get as far as the rules of the table.
    [
      `INSERT INTO staff (login, display_name, role) VALUES ('A.Person', 'B', 'administrator')`,
      broken('staff_login_check'),
    ],
    [
      `INSERT INTO staff (login, display_name, role) VALUES ('a.person', 'B', 'administrator')`,
      broken('staff_login_key', '23505'),
    ],
    [
      `INSERT INTO staff (login, display_name, role) VALUES ('c.person', ' ', 'administrator')`,
      broken('staff_display_name_check'),
    ],
    [
      `INSERT INTO staff (login, display_name, role) VALUES ('b.person', 'B', 'auditor')`,
      broken('staff_needs_approval', 'HK001'),
    ],
    [`UPDATE staff SET password_hash = 'plain text'`, broken('staff_password_hash_check')],
    [
      `UPDATE staff SET activation_hash = 'short', activation_expires_at = now()`,
      broken('staff_activation_hash_check'),
    ],
    [`UPDATE staff SET activation_hash = '${hash('a')}'`, broken('staff_activation_expires')],
    [
      `UPDATE staff SET activation_hash = '${hash('a')}', activation_expires_at = now(), password_hash = '$argon2id$x'`,
      broken('staff_activation_before_password'),
    ],
    [`UPDATE staff_session SET ended_at = now()`, broken('staff_session_ends_for_a_reason')],
  ])('refuses %s', async (sql, refusal) => {
    await database.asApp(`INSERT INTO staff_session (staff_id, address) VALUES ($1, '127.0.0.1')`, [staffId]);
    await expect(database.asApp(sql)).rejects.toMatchObject(refusal);
  });

  it('refuses a session of an account without a second factor', async () => {
    const [other] = await database.asSuperuser<{ id: string }>(
      `INSERT INTO staff (login, display_name, role) VALUES ('no.factor', 'B', 'auditor') RETURNING id`,
    );
    await expect(
      database.asApp(`INSERT INTO staff_session (staff_id, address) VALUES ($1, '127.0.0.1')`, [other?.id]),
    ).rejects.toMatchObject({ code: 'HK001', constraint: 'staff_session_needs_second_factor' });
  });

  it.each([
    ['UPDATE staff_totp SET last_used_step = 10', 'staff_totp_once'],
    ['UPDATE staff_totp SET last_used_step = 9', 'staff_totp_once'],
    ['UPDATE staff_recovery_code SET used_at = NULL', 'staff_recovery_code_once'],
    ['UPDATE staff_challenge SET tries = 0', 'staff_challenge_tries_count'],
    ['UPDATE staff_passkey SET sign_count = 4', 'staff_passkey_count_rises'],
  ])('refuses %s', async (sql, constraint) => {
    await database.asSuperuser(
      `INSERT INTO staff_recovery_code (code_hash, staff_id, used_at) VALUES ($2, $1, now()) ON CONFLICT DO NOTHING`,
      [staffId, hash('c')],
    );
    await database.asSuperuser(
      `INSERT INTO staff_challenge (token_hash, staff_id, purpose, passkey_challenge, password_hash, tries)
       VALUES ($2, $1, 'sign_in', repeat('A', 43), '$argon2id$x', 3) ON CONFLICT DO NOTHING`,
      [staffId, hash('d')],
    );
    await database.asSuperuser(
      `INSERT INTO staff_passkey (staff_id, credential_id, public_key, sign_count, name) VALUES ($1, 'key', '\\x00', 5, 'key') ON CONFLICT DO NOTHING`,
      [staffId],
    );
    await expect(database.asApp(sql)).rejects.toMatchObject({ code: 'HK001', constraint });
  });

  it('refuses a second unspent refresh token of one session', async () => {
    const [session] = await database.asApp<{ id: string }>(
      `INSERT INTO staff_session (staff_id, address) VALUES ($1, '127.0.0.1') RETURNING id`,
      [staffId],
    );
    const insert = (digit: string) =>
      database.asApp('INSERT INTO staff_refresh_token (token_hash, session_id) VALUES ($1, $2)', [
        hash(digit),
        session?.id,
      ]);
    await insert('1');
    await expect(insert('2')).rejects.toMatchObject({ code: '23505', constraint: 'staff_refresh_token_one_unspent' });
  });

  it('refuses a customer number that another account has', async () => {
    await database.asApp(`UPDATE staff SET customer_no = 'C-1' WHERE id = $1`, [staffId]);
    await expect(
      database.asApp(
        `INSERT INTO staff (login, display_name, role, customer_no) VALUES ('d.person', 'D', 'administrator', 'C-1')`,
      ),
    ).rejects.toMatchObject({
      code: '23505',
      constraint: 'staff_customer_no_key',
    });
  });

  it.each(['DELETE FROM staff WHERE false', 'TRUNCATE staff CASCADE'])('refuses even the owner %s', async (sql) => {
    const owner = new pg.Client({ connectionString: database.migratorUrl });
    await owner.connect();
    try {
      await expect(owner.query(sql)).rejects.toMatchObject({ code: 'HK001', constraint: 'staff_never_removed' });
    } finally {
      await owner.end();
    }
  });
});
