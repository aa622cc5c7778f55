import pg from 'pg';
import { createTestDatabase, type TestDatabase } from '../harness/database.js';

const INSERT = `INSERT INTO audit_event (actor_id, actor_role, action, subject_type, subject_id, request_id`;
const EVENT = `'system', 'system', 'thing.made', 'thing', '1', 'request-1'`;

describe('audit_event in the database', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase();
    await database.asApp(`${INSERT}) VALUES (${EVENT})`);
  });
  afterAll(() => database.drop());

  const events = () => database.asSuperuser('SELECT * FROM audit_event');

  it.each([
    ["UPDATE audit_event SET action = 'x.y'"],
    ['DELETE FROM audit_event'],
    ['TRUNCATE audit_event'],
    ['ALTER TABLE audit_event DISABLE TRIGGER ALL'],
    ['DROP TRIGGER audit_event_append_only ON audit_event'],
    ['DROP TABLE audit_event'],
    [`${INSERT}, id) OVERRIDING SYSTEM VALUE VALUES (${EVENT}, 99)`],
    [`${INSERT}, occurred_at) VALUES (${EVENT}, now() - interval '1 year')`],
    [`SELECT setval(pg_get_serial_sequence('audit_event', 'id'), 1)`],
    [
      "CREATE OR REPLACE FUNCTION audit_event_is_written_once() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
    ],
    ['SET session_replication_role = replica'],
  ])('[17] denies the application %s', async (sql) => {
    const before = await events();
    await expect(database.asApp(sql)).rejects.toMatchObject({ code: '42501' });
    expect(await events()).toEqual(before);
  });

  it.each([
    ["UPDATE audit_event SET action = 'x.y'"],
    ['UPDATE audit_event SET action = action WHERE false'],
    ['DELETE FROM audit_event'],
    ['TRUNCATE audit_event'],
  ])('refuses even the owner %s', async (sql) => {
    const owner = new pg.Client({ connectionString: database.migratorUrl });
    await owner.connect();
    try {
      await expect(owner.query(sql)).rejects.toMatchObject({ code: 'HK001', constraint: 'audit_event_append_only' });
    } finally {
      await owner.end();
    }
    expect(await events()).toHaveLength(1);
  });

  it.each([
    ['a count without a digest', `${INSERT}, row_count) VALUES (${EVENT}, 1)`, 'audit_event_rows_are_digested'],
    [
      'a digest without a count',
      `${INSERT}, rows_digest) VALUES (${EVENT}, '${'a'.repeat(64)}')`,
      'audit_event_rows_are_digested',
    ],
    ['a sum of nothing', `${INSERT}, sum_jpy) VALUES (${EVENT}, 1)`, 'audit_event_sum_is_of_rows'],
    [
      'an action in other words',
      `${INSERT}) VALUES ('system', 'system', 'Made!', 'thing', '1', 'r')`,
      'audit_event_action_check',
    ],
    [
      'a subject with a line break',
      `${INSERT}) VALUES ('system', 'system', 'thing.made', 'thing', E'1\\n', 'r')`,
      'audit_event_subject_id_check',
    ],
  ])('refuses %s', async (_what, sql, constraint) => {
    await expect(database.asApp(sql)).rejects.toMatchObject({ code: '23514', constraint });
  });
});
