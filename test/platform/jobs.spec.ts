import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Database } from '../../src/platform/database/database.js';
import { Jobs } from '../../src/platform/jobs/jobs.js';
import { startChild, type Child } from '../harness/child-process.js';
import { testConfig } from '../harness/config.js';
import { createTestDatabase, type TestDatabase } from '../harness/database.js';
import { eventually } from '../harness/eventually.js';

let database: TestDatabase;
let db: Database;
let jobs: Jobs;

beforeAll(async () => {
  database = await createTestDatabase();
});

beforeEach(() => {
  // One connection for the application: work on jobs must not need it.
  const config = testConfig(database, { databasePoolSize: 1 });
  db = new Database(config);
  jobs = new Jobs(config);
});

afterEach(async () => {
  await jobs.stop();
  await db.onApplicationShutdown();
  await database.asSuperuser('DELETE FROM graphile_worker._private_jobs; DELETE FROM worker_heartbeat');
});

afterAll(() => database.drop());

const add = (name: string, payload: object = {}, options: { jobKey?: string; runAt?: Date } = {}) =>
  db.transaction((tx) => jobs.add(tx, name, payload, options));

const waiting = () => database.asSuperuser('SELECT id FROM graphile_worker.jobs');

describe('a job', () => {
  it('is done with its payload, using the one connection of the application', async () => {
    const done: unknown[] = [];
    jobs.register('note', (payload) =>
      db.transaction(async (tx) => {
        await tx.$queryRaw`SELECT 1`;
        done.push(payload);
      }),
    );
    await jobs.start();
    await add('note', { yen: '9007199254740993' });
    expect(await eventually(() => done[0])).toEqual({ yen: '9007199254740993' });
    await eventually(async () => (await waiting()).length === 0);
  });

  it('exists from the commit of its transaction on, and not at all when that is rolled back', async () => {
    const refused = db.transaction(async (tx) => {
      await jobs.add(tx, 'note', {});
      throw new Error('after all not');
    });
    await expect(refused).rejects.toThrow('after all not');
    expect(await waiting()).toHaveLength(0);
    await add('note');
    expect(await waiting()).toHaveLength(1);
  });

  it('with a key waits only once, with the latest payload', async () => {
    const runAt = new Date(Date.now() + 3_600_000);
    await add('note', { count: 1 }, { jobKey: 'the one', runAt });
    await add('note', { count: 2 }, { jobKey: 'the one', runAt });
    expect(await database.asSuperuser('SELECT payload FROM graphile_worker._private_jobs')).toEqual([
      { payload: { count: 2 } },
    ]);
  });

  it('that fails is tried again', async () => {
    let attempts = 0;
    jobs.register('fragile', async () => {
      attempts += 1;
      if (attempts === 1) throw new Error('not this time');
    });
    await jobs.start();
    await add('fragile');
    await eventually(() => attempts === 2);
    await eventually(async () => (await waiting()).length === 0);
  });

  it('cannot be registered twice', () => {
    jobs.register('note', async () => undefined);
    expect(() => jobs.register('note', async () => undefined)).toThrow('registered twice');
  });
});

describe('a worker', () => {
  it('that is stopped lets its job finish its chunk, and the rest waits for the next', async () => {
    const chunks: string[] = [];
    jobs.register('long', async (_payload, signal) => {
      chunks.push('begun');
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
      chunks.push('finished');
      await add('long');
    });
    await jobs.start();
    expect(jobs.running).toBe(true);
    await add('long');
    await eventually(() => chunks.length === 1);
    await jobs.stop();
    expect(jobs.running).toBe(false);
    expect(chunks).toEqual(['begun', 'finished']);
    expect(await database.asSuperuser('SELECT locked_by FROM graphile_worker._private_jobs')).toEqual([
      { locked_by: null },
    ]);
    expect(await database.asSuperuser('SELECT FROM worker_heartbeat')).toHaveLength(0);
  });

  it('goes on by itself after PostgreSQL has cut all its connections', async () => {
    let done = 0;
    jobs.register('note', async () => {
      done += 1;
    });
    await jobs.start();
    await add('note');
    await eventually(() => done === 1);
    await database.asSuperuser(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'henkin-jobs' AND datname = current_database()`,
    );
    await add('note');
    await eventually(() => done === 2);
  });

  it('announces what is repeated by the clock', async () => {
    jobs.every('tidy', '*/5 * * * *', async () => undefined);
    await jobs.start();
    const known = () =>
      database.asSuperuser<{ identifier: string }>('SELECT identifier FROM graphile_worker._private_known_crontabs');
    await eventually(async () => (await known()).some(({ identifier }) => identifier === 'tidy'));
  });
});

describe('of two processes', () => {
  let child: Child;

  afterEach(() => child.end('SIGKILL'));

  it('the second leaves the jobs of the first alone while that lives, and does them when it is killed', async () => {
    child = startChild('test/platform/hold-a-job.js', [], { DATABASE_URL: database.appUrl });
    await add('hold');
    await child.line('holding');
    // As if it had been at it for an hour: only the heartbeat tells that it lives.
    await database.asSuperuser(`UPDATE graphile_worker._private_jobs SET locked_at = now() - interval '1 hour'`);
    let taken = 0;
    jobs.register('hold', async () => {
      taken += 1;
    });
    await jobs.start();
    const started = await eventually(async () => {
      const [now] = await database.asSuperuser<{ both: boolean; now: Date }>(
        'SELECT count(*) = 2 AS both, now() FROM worker_heartbeat',
      );
      return now?.both && now.now;
    });
    await eventually(() => bothBeatAfter(started));
    expect(taken).toBe(0);
    await child.end('SIGKILL');
    await eventually(() => taken === 1);
    await eventually(async () => (await waiting()).length === 0);
  });

  async function bothBeatAfter(instant: Date): Promise<boolean> {
    const rows = await database.asSuperuser('SELECT FROM worker_heartbeat WHERE seen_at > $1', [instant]);
    return rows.length === 2;
  }
});
