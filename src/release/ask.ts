import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';

/** Something the person at the keyboard can put right; the message says how. */
export class CannotGoOn extends Error {}

/** What a person types; nothing is shown of it when it is a secret. Errors: CannotGoOn without a terminal, or when it is cut off. */
export async function ask(question: string, { secret = false, instead }: { secret?: boolean; instead: string }) {
  if (!process.stdin.isTTY) throw new CannotGoOn(`There is no terminal to ask at. Give ${instead}. Nothing was done.`);
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  process.stderr.write(question);
  const reader = createInterface({ input: process.stdin, output: secret ? silent : process.stderr, terminal: true });
  const cutOff = new Promise<never>((_resolve, reject) =>
    reader.once('close', () => reject(new CannotGoOn('Nothing was typed. Nothing was done.'))),
  );
  try {
    return await Promise.race([reader.question(''), cutOff]);
  } finally {
    reader.close();
    if (secret) process.stderr.write('\n');
  }
}

/** The first line of the file, or what is typed unseen. */
export async function passphraseFrom(file: string | undefined, question: string): Promise<string> {
  if (file === undefined) return ask(question, { secret: true, instead: '--passphrase-file' });
  const [first = ''] = (await readFile(file, 'utf8')).split(/\r?\n/);
  return first;
}

/** Runs a program that needs neither network nor database; a failure is told in one sentence, with exit code 1. */
export async function runOffline(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    process.exitCode = 1;
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  }
}
