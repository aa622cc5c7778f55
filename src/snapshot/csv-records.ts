import { Transform, type TransformCallback } from 'node:stream';

/** What is wrong with a record as such, before anyone looks at its values. */
export type RecordFlaw = 'too_few_columns' | 'too_many_columns' | 'quotes_malformed' | 'quote_not_closed';

const [LF, CR, QUOTE, COMMA] = [0x0a, 0x0d, 0x22, 0x2c];
/** A quoted value may go over lines, but no row is this long: such a quote was forgotten to be closed. */
const MAX_RECORD_BYTES = 64 * 1024;

/** A record found in the bytes: where it ends, where the next one begins, and what is wrong with it. */
interface FoundRecord {
  readonly end: number;
  readonly next: number;
  readonly columns: number;
  readonly lineBreaks: number;
  readonly flaw: RecordFlaw | null;
}

/**
 * Puts in front of each record of a CSV (RFC 4180, UTF-8, CRLF or LF) the line on which it begins and what is wrong with it,
 * for COPY in CSV format; the header is left out. A flawed record is replaced by blanks, so that PostgreSQL, which reads the
 * values, gives up at none. Blank lines are skipped. After a quote that is never closed nothing can be read.
 *
 * A general parser takes four times as long as PostgreSQL takes to store the rows; here nobody needs the values.
 */
export class NumberedRecords extends Transform {
  private rest: Buffer = Buffer.alloc(0);
  private lineNo = 1;
  private headerSeen = false;
  private unreadable = false;

  constructor(private readonly columns: number) {
    super();
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    done(null, this.numbered(chunk, false));
  }

  override _flush(done: TransformCallback): void {
    done(null, this.numbered(Buffer.alloc(0), true));
  }

  private numbered(chunk: Buffer, atEnd: boolean): Buffer {
    const bytes = this.rest.length > 0 ? Buffer.concat([this.rest, chunk]) : chunk;
    const written = new Written(bytes, this.columns);
    let start = 0;
    while (start < bytes.length && !this.unreadable) {
      const record = findRecord(bytes, start, atEnd);
      if (!record) break;
      if (record.end > start) this.number(bytes, start, record, written);
      this.lineNo += record.lineBreaks;
      start = record.next;
    }
    this.rest = this.unreadable ? Buffer.alloc(0) : Buffer.from(bytes.subarray(start));
    return written.all;
  }

  private number(bytes: Buffer, start: number, { end, columns, flaw }: FoundRecord, written: Written): void {
    this.unreadable = flaw === 'quote_not_closed';
    if (!this.headerSeen) {
      this.headerSeen = true;
      return;
    }
    const wrong =
      flaw ?? (columns < this.columns ? 'too_few_columns' : columns > this.columns ? 'too_many_columns' : null);
    if (wrong) {
      written.add(`${this.lineNo},${wrong}${','.repeat(this.columns)}\n`);
    } else {
      written.add(`${this.lineNo},,`);
      written.copy(bytes, start, end);
      written.add('\n');
    }
  }
}

/** More than a line number and a flaw take. */
const ADDED_BYTES = 40;

/** What is sent on for some bytes, in one piece of memory: one for each record would be hundreds of thousands. */
class Written {
  private readonly memory: Buffer;
  private length = 0;

  constructor(bytes: Buffer, columns: number) {
    let lines = 1;
    for (let at = bytes.indexOf(LF); at >= 0; at = bytes.indexOf(LF, at + 1)) lines += 1;
    this.memory = Buffer.allocUnsafe(bytes.length + lines * (ADDED_BYTES + columns));
  }

  get all(): Buffer {
    return this.memory.subarray(0, this.length);
  }

  /** Letters, digits and commas only. */
  add(text: string): void {
    this.length += this.memory.write(text, this.length, 'latin1');
  }

  copy(bytes: Buffer, start: number, end: number): void {
    this.length += bytes.copy(this.memory, this.length, start, end);
  }
}

/** The record that begins at `start`, or null when its end is not among these bytes yet. */
function findRecord(bytes: Buffer, start: number, atEnd: boolean): FoundRecord | null {
  let columns = 1;
  let lineBreaks = 0;
  let quoted = false;
  // A quote opens a value only at its beginning, and closes it only before a comma or the end of the line.
  let atValueStart = true;
  for (let at = start; at < bytes.length; at += 1) {
    const byte = bytes[at];
    if (quoted) {
      if (byte === LF) lineBreaks += 1;
      if (byte !== QUOTE) continue;
      if (at + 1 === bytes.length && !atEnd) break;
      const after = bytes[at + 1];
      if (after === QUOTE) at += 1;
      else if (after === undefined || after === COMMA || after === LF || after === CR) quoted = false;
      else return flawed(bytes, at, lineBreaks, atEnd);
    } else if (byte === COMMA) {
      columns += 1;
      atValueStart = true;
    } else if (byte === LF) {
      return { end: at, next: at + 1, columns, lineBreaks: lineBreaks + 1, flaw: null };
    } else if (byte === CR) {
      if (at + 1 === bytes.length && !atEnd) break;
      if (bytes[at + 1] === LF) return { end: at, next: at + 2, columns, lineBreaks: lineBreaks + 1, flaw: null };
      return flawed(bytes, at, lineBreaks, atEnd);
    } else if (byte === QUOTE) {
      if (!atValueStart) return flawed(bytes, at, lineBreaks, atEnd);
      quoted = true;
      atValueStart = false;
    } else {
      atValueStart = false;
    }
  }
  const end = bytes.length;
  if (quoted && (atEnd || end - start > MAX_RECORD_BYTES))
    return { end, next: end, columns, lineBreaks, flaw: 'quote_not_closed' };
  return atEnd ? { end, next: end, columns, lineBreaks, flaw: null } : null;
}

/** Quotes that do not match: reading goes on with the next line. Null when that is not among these bytes yet. */
function flawed(bytes: Buffer, at: number, lineBreaks: number, atEnd: boolean): FoundRecord | null {
  const end = bytes.indexOf(LF, at);
  if (end < 0 && !atEnd) return null;
  const next = end < 0 ? bytes.length : end + 1;
  return { end: next, next, columns: 0, lineBreaks: lineBreaks + 1, flaw: 'quotes_malformed' };
}
