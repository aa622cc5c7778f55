import { runMigrations } from 'graphile-worker';
import pg from 'pg';
import { withClient } from '../database/roles.js';

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

export async function prepareJobSchema(migratorUrl: string): Promise<void> {
  await withClient(migratorUrl, (client) => client.query('CREATE SCHEMA IF NOT EXISTS graphile_worker'));
  // Timers of an idle pool would keep a short-lived program waiting for ten seconds after its work.
  const pgPool = new pg.Pool({ connectionString: migratorUrl, max: 1, allowExitOnIdle: true });
  try {
    await runMigrations({ pgPool });
  } finally {
    await pgPool.end();
  }
  await withClient(migratorUrl, (client) => client.query(OPEN_TO_APPLICATION));
}
