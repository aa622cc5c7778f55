import { createHash } from 'node:crypto';

/** Columns as text, null for NULL, in the order in which the database writes them. */
export type Columns = readonly (string | null)[];

export type LinkKind = 'audit_event' | 'audit_rows';

/**
 * The one text of a row: a JSON array of strings and nulls, spaced as PostgreSQL spaces it. Computed here from the columns
 * alone, so that nothing the database says about hashes is believed.
 */
export function lineOf(columns: Columns): string {
  return `[${columns.map((column) => JSON.stringify(column)).join(', ')}]`;
}

/** What a link's hash should be. */
export function linkHash(kind: LinkKind, seq: bigint, previousHash: string, columns: Columns): string {
  return sha256(['henkin audit chain 1', kind, seq.toString(), previousHash, lineOf(columns)].join('\n'));
}

/** Lines are hashed in pieces of about this many characters: one call for each line costs more than its hashing. */
const HASHED_AT_ONCE = 16_384;

/** Hashes line after line, so that a digest over hundreds of thousands of rows needs the memory of a few. */
export class LinesDigest {
  private readonly hash = createHash('sha256');
  private text: string;
  private begun: boolean;
  lines = 0n;

  /** `head` stands before the first line, for domain separation; digests that the application computes have none. */
  constructor(head: readonly string[] = []) {
    this.begun = head.length > 0;
    this.text = head.join('\n');
  }

  static ofRows(table: string): LinesDigest {
    return new LinesDigest(['henkin audit rows 1', table]);
  }

  add(line: string): void {
    this.text += this.begun ? `\n${line}` : line;
    this.begun = true;
    this.lines += 1n;
    if (this.text.length < HASHED_AT_ONCE) return;
    this.hash.update(this.text);
    this.text = '';
  }

  hex(): string {
    return this.hash.update(this.text).digest('hex');
  }
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
