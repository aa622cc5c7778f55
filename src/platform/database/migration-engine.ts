import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PrismaPg } from '@prisma/adapter-pg';
import { bindMigrationAwareSqlAdapterFactory, ColumnTypeEnum, DriverAdapterError } from '@prisma/driver-adapter-utils';
import { SchemaEngine } from '@prisma/schema-engine-wasm';
import pg from 'pg';
import { knownMigrations, MIGRATIONS_FOLDER, modelFiles } from './migration-files.js';

/**
 * Prisma's own migration engine as WebAssembly, so that nothing native is downloaded. It reads and writes the
 * standard `_prisma_migrations`, so `prisma migrate deploy` stays usable on the same database.
 * This file is the only one that knows the engine.
 */
const EVERYTHING = { externalTables: [], externalEnums: [] };

/** Brings our tables up to date, as the role that owns them. Answers the names of the migrations that were applied. */
export async function applyMigrations(migratorUrl: string): Promise<readonly string[]> {
  return withEngine(migratorUrl, async (engine) => {
    const migrationsList = await migrationList();
    try {
      const { appliedMigrationNames } = await engine.applyMigrations({ migrationsList, filters: EVERYTHING });
      return appliedMigrationNames;
    } catch (error) {
      await forgetFailed(engine, migrationsList);
      throw error;
    }
  });
}

/**
 * SQL that turns what the migrations make into what the models describe; empty when they agree. `scratchUrl` names an
 * empty database, as the role that owns it, in which the migrations are run for that.
 */
export async function differenceToModels(scratchUrl: string): Promise<string> {
  return withEngine(scratchUrl, async (engine) => {
    const { stdout } = await engine.diff({
      from: { tag: 'migrations', ...(await migrationList()) },
      to: { tag: 'schemaDatamodel', files: await modelFiles() },
      script: true,
      exitCode: null,
      filters: EVERYTHING,
    });
    return stdout === null || stdout.includes('This is an empty migration') ? '' : stdout;
  });
}

/** A migration that failed left nothing behind, so it may be tried again as soon as its cause is gone. */
async function forgetFailed(
  engine: SchemaEngine,
  migrationsList: Awaited<ReturnType<typeof migrationList>>,
): Promise<void> {
  const { failedMigrationNames } = await engine.diagnoseMigrationHistory({
    migrationsList,
    optInToShadowDatabase: false,
    filters: EVERYTHING,
  });
  for (const migrationName of failedMigrationNames) await engine.markMigrationRolledBack({ migrationName });
}

/** Columns of PostgreSQL's catalogue in its internal one-byte type, which the engine asks for and the adapter does not know. */
const ONE_BYTE_COLUMN = /\bcon(str|1)\.(contype|confdeltype|confupdtype)(?= AS\b|,)/g;
const ONE_BYTE_ANSWERS: ReadonlySet<string> = new Set(['constraint_type', 'confdeltype', 'confupdtype']);

/**
 * Prisma's adapter cuts scripts at every semicolon, also inside function bodies and comments. PostgreSQL takes a script
 * whole, and then as one transaction: a migration that fails half-way leaves nothing behind.
 */
class MigrationAdapter extends PrismaPg {
  /** The engine would make a second database for its comparison; ours is empty and meant for it. */
  override async connectToShadowDb() {
    return this.connect();
  }

  override async connect() {
    const adapter = await super.connect();
    adapter.executeScript = async (script) => {
      await adapter.underlyingDriver().query(script).catch(tellEngine);
    };
    const queryRaw = adapter.queryRaw.bind(adapter);
    adapter.queryRaw = async (query) => {
      const answer = await queryRaw({ ...query, sql: query.sql.replace(ONE_BYTE_COLUMN, '$&::char') });
      const columnTypes = answer.columnTypes.map((type, index) =>
        ONE_BYTE_ANSWERS.has(answer.columnNames[index] ?? '') ? ColumnTypeEnum.Character : type,
      );
      return { ...answer, columnTypes };
    };
    return adapter;
  }
}

/** The error in the form that the engine can quote. */
function tellEngine(error: unknown): never {
  if (!(error instanceof pg.DatabaseError)) throw error;
  const { code = '', severity = '', message, detail, column, hint } = error;
  throw new DriverAdapterError({ kind: 'postgres', code, severity, message, detail, column, hint });
}

async function withEngine<T>(url: string, work: (engine: SchemaEngine) => Promise<T>): Promise<T> {
  // A pool of our own, because the engine leaves the connections of the adapter's open.
  const pool = new pg.Pool({ connectionString: url, connectionTimeoutMillis: 10_000 });
  const models = (await modelFiles()).map(({ path, content }): [string, string] => [path, content]);
  const engine = await SchemaEngine.new(
    { datamodels: models },
    () => undefined,
    bindMigrationAwareSqlAdapterFactory(new MigrationAdapter(pool)),
  );
  try {
    return await work(engine);
  } finally {
    engine.free();
    await pool.end();
  }
}

async function migrationList() {
  const migrationDirectories = (await knownMigrations()).map(({ name, sql }) => ({
    path: name,
    migrationFile: { path: 'migration.sql', content: { tag: 'ok' as const, value: sql } },
  }));
  const lockfile = {
    path: 'migration_lock.toml',
    content: await readFile(join(MIGRATIONS_FOLDER, 'migration_lock.toml'), 'utf8'),
  };
  return { baseDir: MIGRATIONS_FOLDER, lockfile, shadowDbInitScript: '', migrationDirectories };
}
