import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { assertServable } from '../../src/platform/installation/schema.js';
import { startChild } from '../harness/child-process.js';
import { createTestDatabase, type TestDatabase } from '../harness/database.js';

let database: TestDatabase;

beforeEach(async () => {
  database = await createTestDatabase();
});

afterEach(() => database.drop());

/** Runs a program of the installation and answers its exit code and what it said. */
async function run(program: string, env: Record<string, string>): Promise<{ code: unknown; output: string }> {
  const child = startChild(`dist/platform/installation/${program}.cli.js`, [], env);
  return { code: await child.ended, output: child.output() };
}

describe('the server refuses', () => {
  const refusal = () => assertServable(database.appUrl);

  it('nothing when the schema is its own and its role owns nothing', async () => {
    await expect(refusal()).resolves.toBeUndefined();
  });

  it('a migration that it does not know', async () => {
    await database.asSuperuser(`
      INSERT INTO _prisma_migrations (id, checksum, migration_name, finished_at) VALUES ('x', 'x', '20990101000000_future', now())`);
    await expect(refusal()).rejects.toThrow('20990101000000_future, which this version does not know');
  });

  it('a schema that lacks one of its migrations', async () => {
    await database.asSuperuser(`DELETE FROM _prisma_migrations WHERE migration_name = '20261124000100_platform'`);
    await expect(refusal()).rejects.toThrow('lacks the migrations 20261124000100_platform. Run npm run db:migrate');
  });

  it('a migration that was begun and not finished', async () => {
    await database.asSuperuser(`
      UPDATE _prisma_migrations SET finished_at = NULL WHERE migration_name = '20261124000100_platform'`);
    await expect(refusal()).rejects.toThrow('begun and not finished');
  });

  it('a migration whose file was changed after it had been applied', async () => {
    await database.asSuperuser(`
      UPDATE _prisma_migrations SET checksum = 'another' WHERE migration_name = '20261124000100_platform'`);
    await expect(refusal()).rejects.toThrow('20261124000100_platform differ from those that were applied');
  });

  it('a job queue of another revision', async () => {
    await database.asSuperuser('DELETE FROM graphile_worker.migrations WHERE id = 20');
    await expect(refusal()).rejects.toThrow('revision 19 and should be at 20');
    await database.asSuperuser('DROP SCHEMA graphile_worker CASCADE');
    await expect(refusal()).rejects.toThrow('revision none');
  });

  it('a role that stands above the guards of the schema', async () => {
    for (const url of [database.superuserUrl, database.migratorUrl]) {
      await expect(assertServable(url)).rejects.toThrow('Use henkin_app in DATABASE_URL');
    }
  });
});

describe('a PostgreSQL of one’s own', () => {
  const fresh = () => ({
    SUPERUSER_DATABASE_URL: `${database.superuserUrl}_own`,
    MIGRATOR_DATABASE_URL: `${database.migratorUrl}_own`,
    DATABASE_URL: `${database.appUrl}_own`,
    WATCH_DATABASE_URL: `${database.watchUrl}_own`,
  });

  afterEach(async () => {
    const name = new URL(fresh().DATABASE_URL).pathname.slice(1);
    await database.asSuperuser(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
  });

  it('is made ready by two commands, each safe to repeat', async () => {
    for (let time = 0; time < 2; time += 1) expect(await run('bootstrap', fresh())).toMatchObject({ code: 0 });
    expect(await run('migrate', fresh())).toMatchObject({
      code: 0,
      output: expect.stringContaining('20261124000100_platform'),
    });
    expect(await run('migrate', fresh())).toMatchObject({ code: 0, output: 'The schema is up to date.' });
    await expect(assertServable(fresh().DATABASE_URL)).resolves.toBeUndefined();
  });

  it('is left alone when a URL is missing or names another role', async () => {
    const { SUPERUSER_DATABASE_URL: _missing, ...rest } = {
      ...fresh(),
      DATABASE_URL: fresh().MIGRATOR_DATABASE_URL,
      WATCH_DATABASE_URL: fresh().DATABASE_URL,
    };
    const { code, output } = await run('bootstrap', rest);
    expect(code).toBe(1);
    expect(output).toContain('SUPERUSER_DATABASE_URL should be the URL of a superuser');
    expect(output).toContain('DATABASE_URL should be the URL of the role that runs the application');
    expect(output).toContain('WATCH_DATABASE_URL should be the URL of the role of the watch');
    expect(await run('migrate', {})).toMatchObject({ code: 1, output: expect.stringContaining('Nothing was done') });
  });

  it('keeps nothing of a migration that fails, and takes it when its cause is gone', async () => {
    const migrate = () => run('migrate', { MIGRATOR_DATABASE_URL: database.migratorUrl });
    await database.asSuperuser(`
      DELETE FROM _prisma_migrations WHERE migration_name = '20261124000100_platform';
      DROP TABLE worker_heartbeat;
      DROP FUNCTION is_plain_text CASCADE;
      CREATE VIEW worker_heartbeat AS SELECT 'in the way'`);
    expect(await migrate()).toMatchObject({ code: 1, output: expect.stringContaining('worker_heartbeat') });
    await expect(assertServable(database.appUrl)).rejects.toThrow('lacks the migrations 20261124000100_platform');
    await database.asSuperuser('DROP VIEW worker_heartbeat');
    expect(await migrate()).toMatchObject({ code: 0, output: 'Applied: 20261124000100_platform' });
    await expect(assertServable(database.appUrl)).resolves.toBeUndefined();
  });
});
