import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { Decimal } from '../../src/platform/decimal.js';
import { Database, type Tx } from '../../src/platform/database/database.js';
import { connectionOfTransaction, watchQueries } from '../../src/platform/database/transaction-watch.js';
import { databaseFault } from '../../src/platform/database/sqlstate.js';
import { testConfig } from '../harness/config.js';
import { createTestDatabase, type TestDatabase } from '../harness/database.js';

let database: TestDatabase;
let open: Database[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
  await database.asSuperuser(`
    CREATE TABLE counter (name text PRIMARY KEY, value bigint NOT NULL CONSTRAINT counter_not_negative CHECK (value >= 0), share numeric);
    INSERT INTO counter VALUES ('left', 0, 0), ('right', 0, 0);
    CREATE SEQUENCE commit_attempt;
    CREATE FUNCTION refuse_first_commits() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
    BEGIN
      IF NEW.name = 'never' OR nextval('commit_attempt') < 3 THEN RAISE EXCEPTION USING ERRCODE = '40001', MESSAGE = 'try again'; END IF;
      RETURN NULL;
    END $$;
    CREATE TABLE refused_at_commit (name text);
    CREATE CONSTRAINT TRIGGER refuse_first_commits AFTER INSERT ON refused_at_commit
      DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION refuse_first_commits();
    GRANT ALL ON counter, refused_at_commit TO henkin_app`);
});

afterEach(async () => {
  await Promise.all(open.map((one) => one.onApplicationShutdown()));
  open = [];
});

afterAll(() => database.drop());

function connect(databasePoolSize = 3): Database {
  const one = new Database(testConfig(database, { databasePoolSize }));
  open.push(one);
  return one;
}

const add = (tx: Tx, name: string, value = 1n) =>
  tx.$executeRaw`UPDATE counter SET value = value + ${value} WHERE name = ${name}`;

async function value(name: string): Promise<string | undefined> {
  return (await database.asSuperuser<{ value: string }>('SELECT value FROM counter WHERE name = $1', [name]))[0]?.value;
}

describe('a transaction', () => {
  it('[trap 6] runs again after a deadlock, so that both do their work', async () => {
    const db = connect();
    let attempts = 0;
    let arrived = 0;
    let release: () => void = () => undefined;
    const bothHoldOne = new Promise<void>((resolve) => (release = resolve));
    const crosswise = (first: string, second: string) =>
      db.transaction(async (tx) => {
        attempts += 1;
        await add(tx, first);
        arrived += 1;
        if (arrived === 2) release();
        await bothHoldOne;
        await add(tx, second);
      });
    await Promise.all([crosswise('left', 'right'), crosswise('right', 'left')]);
    expect(attempts).toBe(3);
    expect([await value('left'), await value('right')]).toEqual(['2', '2']);
  });

  it('[trap 6] runs again when PostgreSQL refuses it only at COMMIT', async () => {
    let attempts = 0;
    await connect().transaction(async (tx) => {
      attempts += 1;
      await tx.$executeRaw`INSERT INTO refused_at_commit VALUES ('sometimes')`;
    });
    expect(attempts).toBe(3);
    expect(await database.asSuperuser('SELECT FROM refused_at_commit')).toHaveLength(1);
  });

  it('gives up after the third time, with the connection back in its pool', async () => {
    const db = connect(1);
    let attempts = 0;
    const work = async (tx: Tx) => {
      attempts += 1;
      await tx.$executeRaw`INSERT INTO refused_at_commit VALUES ('never')`;
    };
    const error: unknown = await db.transaction(work).catch((thrown: unknown) => thrown);
    expect(databaseFault(error)).toMatchObject({ sqlstate: '40001', message: 'try again' });
    expect(attempts).toBe(3);
    expect(await db.transaction(async () => 'still usable')).toBe('still usable');
  });

  it('is not repeated after any other error, tells the constraint and leaves nothing', async () => {
    let attempts = 0;
    const before = await value('left');
    const failing = connect().transaction(async (tx) => {
      attempts += 1;
      await add(tx, 'left');
      await add(tx, 'left', -1000n);
    });
    const error: unknown = await failing.catch((thrown: unknown) => thrown);
    expect(databaseFault(error)).toMatchObject({ sqlstate: '23514', constraint: 'counter_not_negative' });
    expect(attempts).toBe(1);
    expect(await value('left')).toBe(before);
  });

  it('[trap 1] fails when its work swallows an error of the database, instead of being lost in silence', async () => {
    const before = await value('left');
    const swallowing = connect().transaction(async (tx) => {
      await add(tx, 'left');
      await add(tx, 'left', -1000n).catch(() => undefined);
      return 'all is well';
    });
    await expect(swallowing).rejects.toThrow('swallowed');
    expect(await value('left')).toBe(before);
  });

  it('[trap 2] cannot be opened inside another', async () => {
    const db = connect(1);
    await expect(db.transaction(() => db.transaction(async () => 'inner'))).rejects.toThrow(
      'Pass the tx of the outer one on',
    );
  });

  it('[trap 2] shares one connection with six others', async () => {
    const db = connect(1);
    const before = BigInt((await value('right')) ?? 0);
    await Promise.all(Array.from({ length: 6 }, () => db.transaction((tx) => add(tx, 'right'))));
    expect(await value('right')).toBe(String(before + 6n));
    expect(db.connections).toEqual({ total: 1, idle: 1, waiting: 0 });
  });

  it('sends what is asked at once one after the other, as the driver will soon insist on', async () => {
    const client = new pg.Client({ connectionString: database.appUrl });
    await client.connect();
    try {
      const send = client.query.bind(client) as (sql: string) => Promise<pg.QueryResult>;
      let underWay = 0;
      const noted: number[] = [];
      client.query = (async (sql: string) => {
        noted.push((underWay += 1));
        return send(sql).finally(() => (underWay -= 1));
      }) as typeof client.query;
      watchQueries(client as unknown as pg.PoolClient);
      const answers = await Promise.allSettled(
        ['SELECT 1 AS n', 'SELECT 1 / 0', 'SELECT 3 AS n'].map((sql) => client.query<{ n: number }>(sql)),
      );
      expect(answers.map((answer) => (answer.status === 'fulfilled' ? answer.value.rows[0]?.n : 'refused'))).toEqual([
        1,
        'refused',
        3,
      ]);
      expect(noted).toEqual([1, 1, 1]);
    } finally {
      await client.end();
    }
  });

  it('undoes what was done on its connection beside Prisma, and nobody has one outside', async () => {
    const db = connect();
    const before = BigInt((await value('left')) ?? 0);
    const work = db.transaction(async (tx) => {
      await add(tx, 'left', 5n);
      const { rows } = await connectionOfTransaction().query(
        'UPDATE counter SET value = value + 5 RETURNING name, value',
      );
      expect(rows).toContainEqual({ name: 'left', value: String(before + 10n) });
      throw new Error('enough');
    });
    await expect(work).rejects.toThrow('enough');
    expect(await value('left')).toBe(String(before));
    expect(() => connectionOfTransaction()).toThrow('There is no transaction here');
  });

  it('[trap 3] refuses a condition that is undefined, which would match every row', async () => {
    const unnamed = { workerId: undefined } as unknown as { workerId: string };
    await expect(connect().transaction((tx) => tx.workerHeartbeat.deleteMany({ where: unnamed }))).rejects.toThrow(
      'undefined',
    );
  });

  it('[trap 9] reads whole yen and decimals exactly', async () => {
    const [row] = await connect().transaction(
      (tx) => tx.$queryRaw<{ yen: bigint; xem: Decimal; price: Decimal }[]>`
        SELECT 9007199254740993::bigint AS yen, 523000000.000001::numeric AS xem, 0.00000001::numeric AS price`,
    );
    expect(row?.yen).toBe(9_007_199_254_740_993n);
    expect([row?.xem, row?.price].map(String)).toEqual(['523000000.000001', '0.00000001']);
    expect(String(new Decimal('523000000.000001').times('88.54912345'))).toBe('46311191564.35008854912345');
  });
});

describe('time limits', () => {
  it('end a statement that takes too long', async () => {
    const db = connect(1);
    const error: unknown = await db
      .transaction((tx) => tx.$queryRaw`SELECT 1 FROM pg_sleep(60)`, { timeoutMs: 200 })
      .catch((thrown: unknown) => thrown);
    expect(databaseFault(error)?.sqlstate).toBe('57014');
    expect(await db.transaction(async () => 'still usable')).toBe('still usable');
  });

  it('[trap 7] cut a connection whose server does not answer at all, and nothing of it takes effect later', async () => {
    const db = connect(1);
    const before = await value('left');
    let backend = 0;
    const stuck = db.transaction(
      async (tx) => {
        const [row] = await tx.$queryRaw<{ pid: number }[]>`SELECT pg_backend_pid() AS pid`;
        await add(tx, 'left');
        backend = row?.pid ?? 0;
        process.kill(backend, 'SIGSTOP');
        await add(tx, 'left');
      },
      { timeoutMs: 500 },
    );
    await expect(stuck).rejects.toMatchObject({ code: 'ETIMEDOUT' });
    process.kill(backend, 'SIGCONT');
    expect(await db.transaction(async () => 'still usable')).toBe('still usable');
    expect(await value('left')).toBe(before);
  });
});

describe('a session that began while PostgreSQL was read-only', () => {
  const forNewSessions = (setting: string) =>
    database.asSuperuser(
      `DO $$ BEGIN EXECUTE format('ALTER ROLE henkin_app IN DATABASE %I ${setting}', current_database()); END $$`,
    );

  it('is not used again once it refused to write', async () => {
    const db = connect(1);
    const before = await value('left');
    await forNewSessions('SET default_transaction_read_only = on');
    expect(await db.consistentRead(async () => 'reads go on')).toBe('reads go on');
    await forNewSessions('RESET default_transaction_read_only');
    const write = () => db.transaction((tx) => add(tx, 'left'));
    const error: unknown = await write().catch((thrown: unknown) => thrown);
    expect(databaseFault(error)?.sqlstate).toBe('25006');
    await write();
    expect(Number(await value('left'))).toBe(Number(before) + 1);
  });
});

describe('a consistent read', () => {
  it('sees one instant and cannot write', async () => {
    const db = connect();
    const before = await value('left');
    const seen = await db.consistentRead(async (tx) => {
      const first = await tx.$queryRaw<{ value: bigint }[]>`SELECT value FROM counter WHERE name = 'left'`;
      await database.asSuperuser(`UPDATE counter SET value = value + 1 WHERE name = 'left'`);
      const second = await tx.$queryRaw<{ value: bigint }[]>`SELECT value FROM counter WHERE name = 'left'`;
      return [first[0]?.value, second[0]?.value].map(String);
    });
    expect(seen).toEqual([before, before]);
    const error: unknown = await db.consistentRead((tx) => add(tx, 'left')).catch((thrown: unknown) => thrown);
    expect(databaseFault(error)?.sqlstate).toBe('25006');
  });
});

describe('a copy session', () => {
  const copy = (db: Database, lines: string[]) =>
    db.copySession((client) =>
      pipeline(Readable.from(lines), client.query(copyFrom('COPY counter (name, value) FROM STDIN'))),
    );

  it('keeps all rows or none', async () => {
    const db = connect(1);
    await copy(db, ['copied\t1\n']);
    expect(await value('copied')).toBe('1');
    const error: unknown = await copy(db, ['half\t1\n', 'broken\t-1\n']).catch((thrown: unknown) => thrown);
    expect(databaseFault(error)).toMatchObject({ sqlstate: '23514', constraint: 'counter_not_negative' });
    expect(await value('half')).toBeUndefined();
    expect(db.connections).toEqual({ total: 1, idle: 1, waiting: 0 });
  });

  it('on several connections keeps what all of them did, or nothing of it', async () => {
    const db = connect(8);
    const both = (second: string) =>
      db.copySessions(2, async (clients) => {
        for (const [at, client] of clients.entries())
          await client.query('INSERT INTO counter (name, value) VALUES ($1, $2)', [
            `lane${at}`,
            at === 0 ? '1' : second,
          ]);
        return clients.length;
      });
    const error: unknown = await both('-1').catch((thrown: unknown) => thrown);
    expect(databaseFault(error)).toMatchObject({ constraint: 'counter_not_negative' });
    expect(await value('lane0')).toBeUndefined();
    expect(await both('2')).toBe(2);
    expect([await value('lane0'), await value('lane1')]).toEqual(['1', '2']);
    expect(db.connections).toEqual({ total: 2, idle: 2, waiting: 0 });
    expect(await connect(1).copySessions(2, async (clients) => clients.length)).toBe(1);
  });
});
