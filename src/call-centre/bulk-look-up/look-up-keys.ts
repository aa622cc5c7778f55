import { csvRecords, Malformed, Undecodable, type Bytes, type Charset } from '../../holder/csv-source.js';
import { UploadRefused } from '../../holder/upload.errors.js';
import { readNumbers, type Numbers } from '../search-question.js';
import { TooManyKeys } from './bulk-look-up.errors.js';

export const MOST_KEYS = 50_000;
/** Longer than any number that people write, hyphens and spaces included. */
const LONGEST_KEY = 64;

/** A row of the file: as it was given, and which numbers it may be. */
export interface LookUpKey extends Numbers {
  readonly key: string;
}

/** All keys in the order of the file, doubled ones too. Errors: charset_unreadable, csv_unreadable, too_many_keys. */
export async function readKeys(source: Bytes, charset: Charset): Promise<LookUpKey[]> {
  const keys: LookUpKey[] = [];
  try {
    for await (const { fields } of csvRecords(source, charset)) {
      if (keys.length === MOST_KEYS) throw new TooManyKeys(MOST_KEYS);
      const given = fields[0] ?? '';
      keys.push({ key: shown(given), ...readNumbers(given) });
    }
  } catch (error) {
    if (error instanceof Undecodable)
      throw new UploadRefused(
        'charset_unreadable',
        `The file is not ${charset}: line ${error.lineNo} cannot be decoded.`,
        `ファイルは ${charset} として読み取れません(${error.lineNo} 行目)。`,
      );
    if (error instanceof Malformed)
      throw new UploadRefused('csv_unreadable', 'The file is not CSV.', 'ファイルは CSV として読み取れません。');
    throw error;
  }
  return keys;
}

/** A key is given back so that people find their row again, not to the letter: nothing that a cell or a database cannot hold. */
function shown(given: string): string {
  return [...given.replaceAll(/[\p{Cc}\p{Cs}\u202a-\u202e\u2066-\u2069]/gu, '\uFFFD')].slice(0, LONGEST_KEY).join('');
}
