import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

export const BACKUP_FORMAT = 'henkin-backup-1';

export interface TableCopy {
  /** With its schema, such as public.claim. */
  readonly table: string;
  readonly columns: readonly string[];
  readonly file: string;
  readonly rows: string;
  /** Of the rows as COPY writes them, before they are compressed. */
  readonly sha256: string;
}

export interface SequencePosition {
  readonly sequence: string;
  readonly lastValue: string;
}

/** What a backup holds, so that it can be checked whole before anything is done with it. */
export interface Manifest {
  readonly format: typeof BACKUP_FORMAT;
  readonly takenAt: string;
  readonly serverVersion: string;
  readonly migrations: readonly { readonly name: string; readonly checksum: string }[];
  readonly tables: readonly TableCopy[];
  readonly sequences: readonly SequencePosition[];
}

const FILE = 'manifest.json';
const SEAL = 'manifest.json.sha256';

/** Written last: a folder without it is no backup. */
export async function writeManifest(folder: string, manifest: Manifest): Promise<void> {
  const text = `${JSON.stringify(manifest, null, 1)}\n`;
  await writeFile(join(folder, FILE), text, { mode: 0o600 });
  await writeFile(join(folder, SEAL), `${sha256(text)}  ${FILE}\n`, { mode: 0o600 });
}

/** Errors: it is not there, not whole, or of another format. */
export async function readManifest(folder: string): Promise<Manifest> {
  const [text, seal] = await Promise.all([FILE, SEAL].map((file) => readFile(join(folder, file), 'utf8'))).catch(() => {
    throw new Error(`${folder} is not a finished backup: it has no ${FILE} with its ${SEAL}. Nothing was done.`);
  });
  if (text === undefined || seal?.split(' ')[0] !== sha256(text))
    throw new Error(`${FILE} is damaged: it does not have the hash in ${SEAL}. Nothing was done.`);
  const manifest = JSON.parse(text) as Manifest;
  const format: string = manifest.format;
  if (format !== BACKUP_FORMAT)
    throw new Error(`The backup is of the format ${format}; this version reads ${BACKUP_FORMAT}. Nothing was done.`);
  return manifest;
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
