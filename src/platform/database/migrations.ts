import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PrismaPg } from '@prisma/adapter-pg';
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils';
import { SchemaEngine } from '@prisma/schema-engine-wasm';
import pg from 'pg';
import { projectRoot } from './project-root.js';

/**
 * Prisma's own migration engine as WebAssembly, so that nothing native is downloaded. It reads and writes the
 * standard `_prisma_migrations`, so `prisma migrate deploy` stays usable on the same database.
 * This file is the only one that knows the engine.
 */
const MIGRATIONS_DIR = join(projectRoot, 'prisma', 'migrations');
const FILTERS = { externalTables: [], externalEnums: [] };

/** Brings the schema up to date, as the role that owns it. Answers the names of the migrations that were applied. */
export async function applyMigrations(migratorUrl: string): Promise<string[]> {
  return withEngine(migratorUrl, async (engine) => {
    const { appliedMigrationNames } = await engine.applyMigrations({ migrationsList: await migrationList(), filters: FILTERS });
    return appliedMigrationNames;
  });
}

/** Names of all migrations that this program knows, oldest first. */
export async function knownMigrations(): Promise<string[]> {
  const entries = await readdir(MIGRATIONS_DIR, { withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name).sort();
}

/**
 * SQL that would turn what the migrations make into what the models say; empty when they agree.
 * `scratchUrl` names an empty database in which the migrations are run for the comparison.
 */
export async function schemaDrift(scratchUrl: string): Promise<string> {
  return withEngine(scratchUrl, async (engine) => {
    await engine.applyMigrations({ migrationsList: await migrationList(), filters: FILTERS });
    const { stdout } = await engine.diff({
      from: { tag: 'url', url: scratchUrl },
      to: { tag: 'schemaDatamodel', files: await schemaFiles() },
      script: true,
      exitCode: null,
      filters: FILTERS,
    });
    return stdout ?? '';
  });
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
  const pool = new pg.Pool({ connectionString: url, max: 2, allowExitOnIdle: true });
  const factory = bindMigrationAwareSqlAdapterFactory(new WholeScripts(pool));
  const datamodels = (await schemaFiles()).map(({ path, content }): [string, string] => [path, content]);
  const engine = await SchemaEngine.new({ datamodels }, () => undefined, factory);
  try {
    return await work(engine);
  } finally {
    engine.free();
    await pool.end();
  }
}

async function migrationList() {
  const migrationDirectories = await Promise.all(
    (await knownMigrations()).map(async (path) => ({
      path,
      migrationFile: {
        path: 'migration.sql',
        content: { tag: 'ok' as const, value: await readFile(join(MIGRATIONS_DIR, path, 'migration.sql'), 'utf8') },
      },
    })),
  );
  const lockfile = { path: 'migration_lock.toml', content: await readFile(join(MIGRATIONS_DIR, 'migration_lock.toml'), 'utf8') };
  return { baseDir: MIGRATIONS_DIR, lockfile, shadowDbInitScript: '', migrationDirectories };
}

async function schemaFiles(): Promise<{ path: string; content: string }[]> {
  const models = join(projectRoot, 'prisma', 'models');
  const paths = [join(projectRoot, 'prisma', 'schema.prisma'), ...(await readdir(models)).sort().map((file) => join(models, file))];
  return Promise.all(paths.map(async (path) => ({ path, content: await readFile(path, 'utf8') })));
}
