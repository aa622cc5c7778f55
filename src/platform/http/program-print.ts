import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Where this program lies, whether it runs from src/ or from dist/. */
export const PROGRAM_FOLDER = fileURLToPath(new URL('../..', import.meta.url));

/**
 * What all files of a program say, made short: servers that run the same one have the same print, and with any other rule or
 * text in it comes another. So whatever depends on data and program alone is told apart by a version of the data and this.
 */
export function printOf(folder: string): string {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => /\.[jt]s$/.test(name));
  const hash = createHash('sha256');
  for (const name of names.toSorted())
    hash
      .update(`${name}\0`)
      .update(readFileSync(join(folder, name)))
      .update('\0');
  return hash.digest('base64url').slice(0, 16);
}
