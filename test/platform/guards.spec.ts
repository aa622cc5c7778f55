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
});
