import type pg from 'pg';
import { knownMigrations } from './migration-files.js';

interface AppliedMigration {
  readonly name: string;
  readonly checksum: string;
  readonly finished: boolean;
}

type Queryable = Pick<pg.ClientBase, 'query'>;

/** What is wrong with the schema and what to do about it, or null when it is exactly the one this program was written for. */
export async function schemaProblem(database: Queryable): Promise<string | null> {
  const [known, applied] = await Promise.all([knownMigrations(), appliedMigrations(database)]);
  const unfinished = applied.filter((migration) => !migration.finished);
  if (unfinished.length > 0)
    return `The migrations ${list(unfinished)} were begun and not finished. Correct their cause, then run npm run db:migrate.`;
  const unknown = applied.filter(({ name }) => !known.some((migration) => migration.name === name));
  if (unknown.length > 0)
    return `The database has the migrations ${list(unknown)}, which this version does not know. Start the version that made them.`;
  const missing = known.filter(({ name }) => !applied.some((migration) => migration.name === name));
  if (missing.length > 0)
    return `The database lacks the migrations ${list(missing)}. Run npm run db:migrate, then start again.`;
  const edited = applied.filter(({ name, checksum }) =>
    known.some((migration) => migration.name === name && migration.checksum !== checksum),
  );
  if (edited.length > 0)
    return `The migrations ${list(edited)} differ from those that were applied. Restore their files and put the change into a new migration.`;
  return null;
}

/** Why this role must not run the application, or null: it may neither own what it works on nor stand above the guards. */
export async function roleProblem(database: Queryable): Promise<string | null> {
  const { rows } = await database.query<{ name: string; strong: boolean; owns: string | null }>(`
    SELECT rolname AS name, rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb OR rolreplication AS strong,
           (SELECT string_agg(oid::regclass::text, ', ') FROM pg_class WHERE pg_has_role(current_user, relowner, 'MEMBER')) AS owns
    FROM pg_roles WHERE rolname = current_user`);
  const [role] = rows;
  if (role && !role.strong && role.owns === null) return null;
  return `The connection is made as ${role?.name}, which is a superuser, may create roles or databases, or owns tables. Use henkin_app in DATABASE_URL and henkin_watch in WATCH_DATABASE_URL, which own nothing.`;
}

async function appliedMigrations(database: Queryable): Promise<readonly AppliedMigration[]> {
  const { rows } = await database.query<{ present: boolean }>(
    `SELECT to_regclass('public._prisma_migrations') IS NOT NULL AS present`,
  );
  if (!rows[0]?.present) return [];
  const applied = await database.query<AppliedMigration>(`
    SELECT migration_name AS name, checksum, finished_at IS NOT NULL AS finished
    FROM _prisma_migrations WHERE rolled_back_at IS NULL ORDER BY migration_name`);
  return applied.rows;
}

function list(migrations: readonly { readonly name: string }[]): string {
  return migrations.map(({ name }) => name).join(', ');
}
