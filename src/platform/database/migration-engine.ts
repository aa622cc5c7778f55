import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PrismaPg } from '@prisma/adapter-pg';
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils';
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

/** SQL that turns the tables of a database into those that the models describe; empty when they agree. */
export async function differenceToModels(migratorUrl: string): Promise<string> {
  return withEngine(migratorUrl, async (engine) => {
    const { stdout } = await engine.diff({
      from: { tag: 'url', url: migratorUrl },
      to: { tag: 'schemaDatamodel', files: await modelFiles() },
      script: true,
      exitCode: null,
      filters: EVERYTHING,
    });
    return stdout?.includes('This is an empty migration') ? '' : (stdout ?? '');
  });
}

/** A migration that failed left nothing behind, so it may be tried again as soon as its cause is gone. */
async function forgetFailed(engine: SchemaEngine, migrationsList: Awaited<ReturnType<typeof migrationList>>): Promise<void> {
  const { failedMigrationNames } = await engine.diagnoseMigrationHistory({ migrationsList, optInToShadowDatabase: false, filters: EVERYTHING });
  for (const migrationName of failedMigrationNames) await engine.markMigrationRolledBack({ migrationName });
}

/**
 * Prisma's adapter cuts scripts at every semicolon, also inside function bodies and comments. PostgreSQL takes a script
 * whole, and then as one transaction: a migration that fails half-way leaves nothing behind.
 */
class WholeScripts extends PrismaPg {
  override async connect() {
    const adapter = await super.connect();
    adapter.executeScript = async (script) => {
      await adapter.underlyingDriver().query(script);
    };
    return adapter;
  }
}

async function withEngine<T>(url: string, work: (engine: SchemaEngine) => Promise<T>): Promise<T> {
  // A pool of our own, because the engine leaves the connections of the adapter's open.
  const pool = new pg.Pool({ connectionString: url, connectionTimeoutMillis: 10_000 });
  const models = (await modelFiles()).map(({ path, content }): [string, string] => [path, content]);
  const engine = await SchemaEngine.new({ datamodels: models }, () => undefined, bindMigrationAwareSqlAdapterFactory(new WholeScripts(pool)));
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
  const lockfile = { path: 'migration_lock.toml', content: await readFile(join(MIGRATIONS_FOLDER, 'migration_lock.toml'), 'utf8') };
  return { baseDir: MIGRATIONS_FOLDER, lockfile, shadowDbInitScript: '', migrationDirectories };
}
