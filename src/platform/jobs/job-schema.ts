import { runMigrations } from 'graphile-worker';
import pg from 'pg';
import { withClient } from '../database/roles.js';

/** The revision that the installed graphile-worker makes; raised together with it. */
const REVISION = 20;

/**
 * The job queue's own schema, made by the role that owns it. Its tables carry row-level security without a policy,
 * so the application role, which owns nothing, gets a policy on each and the right to work with rows, not with tables.
 */
const OPEN_TO_APPLICATION = `
  GRANT USAGE ON SCHEMA graphile_worker TO henkin_app;
  GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA graphile_worker TO henkin_app;
  REVOKE INSERT, UPDATE, DELETE ON graphile_worker.migrations FROM henkin_app;
  GRANT USAGE ON ALL SEQUENCES IN SCHEMA graphile_worker TO henkin_app;
  GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA graphile_worker TO henkin_app;
  DO $$
  DECLARE
    locked record;
  BEGIN
    FOR locked IN SELECT oid::regclass AS name FROM pg_class
                  WHERE relnamespace = 'graphile_worker'::regnamespace AND relkind = 'r' AND relrowsecurity LOOP
      EXECUTE format('DROP POLICY IF EXISTS henkin_app ON %s', locked.name);
      EXECUTE format('CREATE POLICY henkin_app ON %s TO henkin_app USING (true) WITH CHECK (true)', locked.name);
    END LOOP;
  END $$`;

/** What is wrong with the queue's schema, or null; asked as the application's role. */
export async function jobSchemaProblem(client: pg.ClientBase): Promise<string | null> {
  const { rows } = await client.query<{ visible: boolean }>(
    `SELECT coalesce(has_schema_privilege('graphile_worker', 'USAGE'), false) AS visible FROM pg_namespace WHERE nspname = 'graphile_worker'`,
  );
  const { rows: revisions } = rows[0]?.visible
    ? await client.query<{ id: number }>('SELECT max(id) AS id FROM graphile_worker.migrations')
    : { rows: [] };
  if (revisions[0]?.id === REVISION) return null;
  return `The job queue's schema is at revision ${revisions[0]?.id ?? 'none'} and should be at ${REVISION}. Run npm run db:migrate, then start again.`;
}

/** Makes it or brings it up to date; safe to repeat. */
export async function prepareJobSchema(migratorUrl: string): Promise<void> {
  await withClient(migratorUrl, (client) => client.query('CREATE SCHEMA IF NOT EXISTS graphile_worker'));
  const pgPool = new pg.Pool({ connectionString: migratorUrl, max: 1 });
  // A lost connection shows in the statement that needs it; without listeners it would end the process.
  pgPool.on('error', () => undefined);
  pgPool.on('connect', (client) => client.on('error', () => undefined));
  try {
    await runMigrations({ pgPool });
  } finally {
    await pgPool.end();
  }
  await withClient(migratorUrl, (client) => client.query(OPEN_TO_APPLICATION));
}
