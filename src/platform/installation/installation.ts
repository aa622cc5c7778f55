import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Config, type Settings } from '../config/config.js';
import { EmbeddedPostgres } from '../database/embedded-postgres.js';
import { applyMigrations, knownMigrations } from '../database/migrations.js';
import { prepareDatabase, withClient } from '../database/roles.js';
import { prepareJobSchema } from '../jobs/job-schema.js';

/** A database that is ready to be served, and how to let go of it. */
export interface Installation {
  readonly config: Config;
  /** Present only with the embedded server, for the demo and tests. */
  readonly superuserUrl: string | null;
  readonly migratorUrl: string | null;
  close(): Promise<void>;
}

/**
 * Opens the database that the settings name. An embedded one is created, migrated and started as needed; an outside one
 * is only checked, because changing its schema is a decision of whoever operates it (`npm run db:migrate`).
 */
export async function openInstallation(settings: Settings): Promise<Installation> {
  if (settings.databaseUrl && settings.tokenSecret) {
    const config = configOf(settings, settings.databaseUrl, settings.tokenSecret);
    await assertServable(config.databaseUrl);
    return { config, superuserUrl: null, migratorUrl: settings.migratorUrl, close: async () => undefined };
  }
  await mkdir(settings.dataDir, { recursive: true });
  const server = await EmbeddedPostgres.start(settings.dataDir);
  try {
    await prepareDatabase(server.superuserUrl, server.passwords);
    await prepareSchema(server.migratorUrl);
    const config = configOf(settings, server.appUrl, settings.tokenSecret ?? (await keptSecret(settings.dataDir)));
    await assertServable(config.databaseUrl);
    return { config, superuserUrl: server.superuserUrl, migratorUrl: server.migratorUrl, close: () => server.stop() };
  } catch (error) {
    await server.stop();
    throw error;
  }
}

/** Brings the whole schema up to date, ours and the job queue's; safe to repeat. Answers the migrations applied now. */
export async function prepareSchema(migratorUrl: string): Promise<string[]> {
  const applied = await applyMigrations(migratorUrl);
  // The application reads this table to refuse a schema it does not know.
  await withClient(migratorUrl, (client) => client.query('GRANT SELECT ON _prisma_migrations TO henkin_app'));
  await prepareJobSchema(migratorUrl);
  return applied;
}

function configOf(settings: Settings, databaseUrl: string, tokenSecret: string): Config {
  const { migratorUrl: _unused, ...rest } = settings;
  return Object.assign(new Config(), rest, { databaseUrl, tokenSecret });
}

/** Refuses a schema that this program does not know and a role that could change it. */
export async function assertServable(databaseUrl: string): Promise<void> {
  const known = await knownMigrations();
  await withClient(databaseUrl, async (client) => {
    const { rows } = await client.query<{ present: boolean }>(`SELECT to_regclass('public._prisma_migrations') IS NOT NULL AS present`);
    const applied = rows[0]?.present
      ? (await client.query<{ name: string }>('SELECT migration_name AS name FROM _prisma_migrations WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL')).rows.map((row) => row.name)
      : [];
    const missing = known.filter((name) => !applied.includes(name));
    const unknown = applied.filter((name) => !known.includes(name));
    if (missing.length > 0) throw new Error(`The database lacks the migrations ${missing.join(', ')}. Run npm run db:migrate, then start again.`);
    if (unknown.length > 0) throw new Error(`The database has migrations that this version does not know: ${unknown.join(', ')}. Start the version that made them.`);
    const role = await client.query<{ too_strong: boolean }>(`
      SELECT rolsuper OR EXISTS (SELECT FROM pg_class WHERE relowner = pg_roles.oid AND relnamespace = 'public'::regnamespace) AS too_strong
      FROM pg_roles WHERE rolname = current_user`);
    if (role.rows[0]?.too_strong) throw new Error('DATABASE_URL connects as a superuser or as an owner of the schema. Use the role henkin_app, which owns nothing.');
  });
}

/** Tokens stay valid over a restart of the same data folder, and no secret is ever a default. */
async function keptSecret(dataDir: string): Promise<string> {
  const file = join(dataDir, 'token-secret');
  try {
    return (await readFile(file, 'utf8')).trim();
  } catch {
    const secret = randomBytes(32).toString('hex');
    await writeFile(file, secret, { mode: 0o600, flag: 'wx' });
    return secret;
  }
}
