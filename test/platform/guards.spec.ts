import { createTestDatabase, type TestDatabase } from '../harness/database.js';

describe('the application role', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(() => database.drop());

  it('[17] owns nothing and cannot change the schema', async () => {
    const [owned] = await database.asApp<{ count: string }>(
      `SELECT count(*) FROM pg_class WHERE relowner = (SELECT oid FROM pg_roles WHERE rolname = current_user)`,
    );
    expect(owned?.count).toBe('0');
    await expect(database.asApp('CREATE TABLE stray (id int)')).rejects.toMatchObject({ code: '42501' });
    await expect(database.asApp('ALTER TABLE worker_heartbeat ADD COLUMN stray int')).rejects.toMatchObject({
      code: '42501',
    });
    await expect(database.asApp('ALTER TABLE worker_heartbeat DISABLE TRIGGER ALL')).rejects.toMatchObject({
      code: '42501',
    });
  });

  it('[19] every numeric column has an upper bound, which NaN and infinity are above, and yen are no floats', async () => {
    const unguarded = await database.asSuperuser(`
      SELECT c.table_name, c.column_name FROM information_schema.columns c
      JOIN information_schema.tables t USING (table_schema, table_name)
      WHERE c.table_schema = 'public' AND t.table_type = 'BASE TABLE' AND c.data_type = 'numeric'
        AND NOT EXISTS (
          SELECT FROM pg_constraint k WHERE k.conrelid = format('%I.%I', c.table_schema, c.table_name)::regclass AND k.contype = 'c'
            AND pg_get_constraintdef(k.oid) ~ (c.column_name || ' <=? '))`);
    expect(unguarded).toEqual([]);
    const inexact = await database.asSuperuser(`
      SELECT table_name, column_name, data_type FROM information_schema.columns
      WHERE table_schema = 'public' AND column_name LIKE '%\\_jpy' AND data_type NOT IN ('bigint', 'numeric')`);
    expect(inexact).toEqual([]);
  });
});
