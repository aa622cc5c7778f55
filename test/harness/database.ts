import { randomBytes } from 'node:crypto';
import pg from 'pg';

/** A database of one test file: a clone of the migrated template, dropped at the end. */
export interface TestDatabase {
  readonly appUrl: string;
  readonly migratorUrl: string;
  readonly superuserUrl: string;
  readonly watchUrl: string;
  /** Plain SQL as the application's role: what the database refuses even if the TypeScript is wrong. */
  asApp<R extends pg.QueryResultRow = pg.QueryResultRow>(sql: string, params?: unknown[]): Promise<R[]>;
  /** Plain SQL as superuser, for arranging and for looking. */
  asSuperuser<R extends pg.QueryResultRow = pg.QueryResultRow>(sql: string, params?: unknown[]): Promise<R[]>;
  drop(): Promise<void>;
}

/** Tests of other things credit without a watch beside them: the last sign of life never grows old. */
const WATCHED_FOR_EVER = `SET session_replication_role = replica; UPDATE watch_heartbeat SET seen_at = 'infinity', transfer_id = 9223372036854775807`;

/** A PostgreSQL with a migrated database to clone; the one of the whole run unless a test has its own. */
export interface TestCluster {
  readonly superuserUrl: string;
  readonly migratorUrl: string;
  readonly appUrl: string;
  readonly watchUrl: string;
}

export async function createTestDatabase(cluster = clusterOfTheRun()): Promise<TestDatabase> {
  const name = `henkin_test_${randomBytes(6).toString('hex')}`;
  const template = new URL(cluster.superuserUrl);
  const templateName = template.pathname.slice(1);
  await runSql(
    withDatabase(template.href, 'postgres'),
    `CREATE DATABASE ${name} TEMPLATE ${templateName} OWNER henkin_migrator`,
  );
  const urls = {
    appUrl: withDatabase(cluster.appUrl, name),
    migratorUrl: withDatabase(cluster.migratorUrl, name),
    superuserUrl: withDatabase(template.href, name),
    watchUrl: withDatabase(cluster.watchUrl, name),
  };
  // A clone has the template's contents but not its database-level grants.
  await runSql(
    urls.superuserUrl,
    `REVOKE ALL ON DATABASE ${name} FROM PUBLIC; GRANT CONNECT, TEMPORARY ON DATABASE ${name} TO henkin_app;
     GRANT CONNECT ON DATABASE ${name} TO henkin_watch; ${WATCHED_FOR_EVER}`,
  );
  return {
    ...urls,
    asApp: (sql, params) => runSql(urls.appUrl, sql, params),
    asSuperuser: (sql, params) => runSql(urls.superuserUrl, sql, params),
    drop: async () => {
      await runSql(withDatabase(template.href, 'postgres'), `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    },
  };
}

/** One connection for one statement, as whoever the URL names. */
export async function runSql<R extends pg.QueryResultRow>(url: string, sql: string, params?: unknown[]): Promise<R[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<R>(sql, params)).rows;
  } finally {
    await client.end();
  }
}

function withDatabase(url: string, name: string): string {
  const changed = new URL(url);
  changed.pathname = `/${name}`;
  return changed.href;
}

function clusterOfTheRun(): TestCluster {
  return {
    superuserUrl: required('HENKIN_TEST_SUPERUSER_URL'),
    migratorUrl: required('HENKIN_TEST_MIGRATOR_URL'),
    appUrl: required('HENKIN_TEST_APP_URL'),
    watchUrl: required('HENKIN_TEST_WATCH_URL'),
  };
}

function required(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is missing: run the tests with npm test`);
  return value;
}
