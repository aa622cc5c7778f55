import { randomBytes } from 'node:crypto';
import { access, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runOffline } from './server.js';

/** As `release:keygen` prints it. */
export interface PublicKey {
  readonly publicKey: string;
  readonly fingerprint: string;
}

export const RELEASE_KEYS = ['Safe 1', 'Safe 2'] as const;
type KeyName = (typeof RELEASE_KEYS)[number];

const filesOf = (folder: string, name: KeyName) => {
  const stem = join(releaseFolder(folder), name.toLowerCase().replace(' ', '-'));
  return { keyFile: `${stem}.pem`, passphraseFile: `${stem}.passphrase`, publicFile: `${stem}.public.json` };
};

/** Where the demo's keys and what they sign are; on a real installation no two of them are on one machine. */
export const releaseFolder = (folder: string): string => join(folder, 'release');

/** The key of this name, made with the real program unless it is there. */
export async function makeKey(folder: string, name: KeyName): Promise<PublicKey> {
  const { keyFile, passphraseFile, publicFile } = filesOf(folder, name);
  await mkdir(releaseFolder(folder), { recursive: true, mode: 0o700 });
  // Written last: without it an interruption came in between, and nobody knows the key yet.
  const made = await access(publicFile).then(
    () => true,
    () => false,
  );
  if (!made) {
    await writeFile(passphraseFile, `${randomBytes(18).toString('base64url')}\n`, { mode: 0o600 });
    await rm(keyFile, { force: true });
    const asked = ['--out', keyFile, '--passphrase-file', passphraseFile];
    await writeFile(publicFile, await runOffline('release/release-keygen.cli.js', asked));
  }
  return JSON.parse(await readFile(publicFile, 'utf8')) as PublicKey;
}

/** As `release:sign` prints it, to be handed in. */
export interface Signed {
  readonly statementSha256: string;
  readonly keyFingerprint: string;
  readonly signature: string;
}

/** Signs with the real program, which reads the statement, compares the items, and knows no server. */
export async function signWith(
  folder: string,
  name: KeyName,
  { statementFile, itemsFile, confirm }: { statementFile: string; itemsFile: string; confirm: string },
): Promise<Signed> {
  const { keyFile, passphraseFile } = filesOf(folder, name);
  const key = ['--key', keyFile, '--passphrase-file', passphraseFile];
  const read = ['--items', itemsFile, '--confirm', confirm, statementFile];
  return JSON.parse(await runOffline('credit-batch/release-sign.cli.js', [...key, ...read])) as Signed;
}
