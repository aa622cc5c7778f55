import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { projectRoot } from './project-root.js';

export const MIGRATIONS_FOLDER = join(projectRoot, 'prisma', 'migrations');
const MODELS_FOLDER = join(projectRoot, 'prisma', 'models');

export interface Migration {
  readonly name: string;
  readonly sql: string;
  /** As Prisma's engine computes it and keeps it in `_prisma_migrations`. */
  readonly checksum: string;
}

/** All migrations that this program knows, oldest first. */
export async function knownMigrations(): Promise<readonly Migration[]> {
  const names = (await readdir(MIGRATIONS_FOLDER)).filter((name) =>
    existsSync(join(MIGRATIONS_FOLDER, name, 'migration.sql')),
  );
  return Promise.all(
    names.sort().map(async (name) => {
      const sql = await readFile(join(MIGRATIONS_FOLDER, name, 'migration.sql'), 'utf8');
      return { name, sql, checksum: createHash('sha256').update(sql).digest('hex') };
    }),
  );
}

/** The models as Prisma reads them: the generator and data source, and one file per room. */
export async function modelFiles(): Promise<{ path: string; content: string }[]> {
  const models = (await readdir(MODELS_FOLDER)).sort().map((file) => join(MODELS_FOLDER, file));
  const paths = [join(projectRoot, 'prisma', 'schema.prisma'), ...models];
  return Promise.all(paths.map(async (path) => ({ path, content: await readFile(path, 'utf8') })));
}
