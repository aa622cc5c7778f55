import { createWriteStream } from 'node:fs';
import { access, mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import type pg from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import { BACKUP_FORMAT, writeManifest, type Manifest, type TableCopy } from './manifest.js';
import { Measured } from './measured.js';
import { listMigrations, listSequences, listTables, quoted, type Table } from './tables.js';

/**
 * Copies one instant of the database into a new folder, while it is in use. The folder gets its name when it is whole, so
 * that an interrupted backup cannot be taken for one. It holds personal data in the clear: readable by its owner alone.
 */
export async function takeBackup(client: pg.Client, folder: string): Promise<Manifest> {
  if (await isThere(folder)) throw new Error(`${folder} is there already. Nothing was done.`);
  const draft = `${folder}.${process.pid}.draft`;
  await mkdir(draft, { mode: 0o700 });
  try {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    // Rows that a policy hides would be missing without a word.
    await client.query(
      `SET LOCAL row_security = off; SET LOCAL datestyle = 'ISO'; SET LOCAL timezone = 'UTC'; SET LOCAL statement_timeout = 0`,
    );
    const tables: TableCopy[] = [];
    for (const table of await listTables(client)) tables.push(await copyTable(client, table, draft));
    const { rows } = await client.query<{ version: string; now: Date }>(
      `SELECT current_setting('server_version') AS version, now()`,
    );
    const manifest: Manifest = {
      format: BACKUP_FORMAT,
      takenAt: rows[0]?.now.toISOString() ?? '',
      serverVersion: rows[0]?.version ?? '',
      migrations: await listMigrations(client),
      tables,
      // Read after the rows: a number that was given since is left out rather than given twice.
      sequences: await listSequences(client),
    };
    await client.query('COMMIT');
    await writeManifest(draft, manifest);
    await rename(draft, folder);
    return manifest;
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    throw error;
  }
}

async function copyTable(client: pg.Client, table: Table, folder: string): Promise<TableCopy> {
  const file = `${table.table}.copy.gz`;
  const measured = new Measured();
  const names = quoted(table);
  await pipeline(
    client.query(copyTo(`COPY ${names.table} (${names.columns}) TO STDOUT`)),
    measured,
    createGzip({ level: 1 }),
    createWriteStream(join(folder, file), { mode: 0o600 }),
  );
  return { table: table.table, columns: table.columns, file, ...measured.result() };
}

async function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
