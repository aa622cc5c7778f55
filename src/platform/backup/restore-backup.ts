import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import type pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { readManifest, type Manifest, type TableCopy } from './manifest.js';
import { Measured } from './measured.js';
import { listMigrations, listTables, quoted } from './tables.js';

/**
 * Puts a backup into an empty database of the same schema, in one transaction: all of it or nothing. The guards are off
 * for this transaction alone, which only a superuser can do; whether what came in keeps their rules is for the
 * reconciliation and the verification of the audit trail to say.
 */
export async function restoreBackup(client: pg.Client, folder: string): Promise<Manifest> {
  const manifest = await readManifest(folder);
  for (const copy of manifest.tables) await assertWhole(folder, copy);
  await client.query('BEGIN');
  await client.query(
    `SET LOCAL session_replication_role = replica; SET LOCAL lock_timeout = '5s'; SET LOCAL datestyle = 'ISO'; SET LOCAL timezone = 'UTC'; SET LOCAL statement_timeout = 0`,
  );
  await assertFits(client, manifest);
  // What migrating itself has written, such as the first link of a chain, is the backup's.
  await client.query(`TRUNCATE ${manifest.tables.map((copy) => quoted(copy).table).join(', ')}`);
  for (const copy of manifest.tables) await load(client, folder, copy);
  for (const { sequence, lastValue } of manifest.sequences)
    await client.query('SELECT setval($1::regclass, $2)', [sequence, lastValue]);
  await client.query('COMMIT');
  return manifest;
}

/** Errors: a file is missing, cut off or changed. Asked of all before the database is touched. */
async function assertWhole(folder: string, copy: TableCopy): Promise<void> {
  const measured = new Measured();
  try {
    await pipeline(createReadStream(join(folder, copy.file)), createGunzip(), measured, nowhere());
  } catch (error) {
    throw new Error(`${copy.file} is damaged or missing. Nothing was restored.`, { cause: error });
  }
  const { rows, sha256 } = measured.result();
  if (rows !== copy.rows || sha256 !== copy.sha256)
    throw new Error(
      `${copy.file} is damaged: it does not have the rows and the hash of the manifest. Nothing was restored.`,
    );
}

async function assertFits(client: pg.Client, manifest: Manifest): Promise<void> {
  const { rows } = await client.query<{ used: boolean }>('SELECT EXISTS (SELECT FROM public.audit_event) AS used');
  if (rows[0]?.used) throw new Error('This database is not empty: something was done in it. Nothing was restored.');
  const [migrations, tables] = [await listMigrations(client), await listTables(client)];
  const wanted = manifest.tables.map(({ table, columns }) => ({ table, columns }));
  if (
    JSON.stringify(migrations) !== JSON.stringify(manifest.migrations) ||
    JSON.stringify(tables) !== JSON.stringify(wanted)
  )
    throw new Error(
      'The backup is of another schema than this database. Restore it with the version that made it, then migrate. Nothing was restored.',
    );
}

async function load(client: pg.Client, folder: string, copy: TableCopy): Promise<void> {
  const names = quoted(copy);
  await pipeline(
    createReadStream(join(folder, copy.file)),
    createGunzip(),
    client.query(copyFrom(`COPY ${names.table} (${names.columns}) FROM STDIN`)),
  );
}

function nowhere(): Writable {
  return new Writable({ write: (_chunk, _encoding, done) => done() });
}
