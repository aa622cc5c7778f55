import { CsvError, parse } from 'csv-parse/sync';
import iconv from 'iconv-lite';
import type { RowErrorList } from './row-error-list.js';

export type Charset = 'utf-8' | 'windows-31j';

/** The bytes of a file are not text in the charset that was declared for it. */
export class Undecodable extends Error {
  constructor(readonly lineNo: number) {
    super(`undecodable bytes in line ${lineNo}`);
  }
}

/** A quote stands where none may, does not end, or a record is longer than any holder's can be. */
export class Malformed extends Error {
  constructor(readonly lineNo: number) {
    super(`malformed CSV in line ${lineNo}`);
  }
}

/** A file from its beginning, anew each time it is asked for, a little at a time. */
export type Bytes = () => AsyncIterable<Buffer>;

/**
 * What is read at once. The text of more would not be made among the young objects, and is expensive to be rid of; and
 * whoever else is served waits while the rows of it are judged.
 */
export const READ_BYTES = 32 * 1024;

export interface CsvRecord {
  readonly fields: string[];
  /** First line of the record in the file; a quoted value may go over several. */
  readonly lineNo: number;
}

/** Reads a record's values by column, whatever their order in the file; a column that the file lacks is ''. */
export function rowReader<Column extends string>(
  header: readonly string[],
  columns: readonly Column[],
): (fields: readonly string[]) => Readonly<Record<Column, string>> {
  const places = columns.map((column) => [column, header.indexOf(column)] as const);
  return (fields) => {
    const row: Partial<Record<Column, string>> = {};
    for (const [column, at] of places) row[column] = fields[at] ?? '';
    return row as Record<Column, string>;
  };
}

/** A record may be this long in characters; the upload has refused longer lines already. */
const MAX_RECORD = 65_536;

/** The records of a file after its header, one by one, whatever its size. Errors: Undecodable, Malformed. */
export async function* csvRecords(source: Bytes, charset: Charset): AsyncGenerator<CsvRecord> {
  for await (const records of csvPieces(source, charset)) yield* records;
}

/** The same piece by piece: nothing is waited for between the records of one. */
export async function* csvPieces(source: Bytes, charset: Charset): AsyncGenerator<Iterable<CsvRecord>> {
  let header = true;
  for await (const { text, lineNo } of pieces(source, charset)) {
    const records = text.includes('"') ? quotedRecords(text, lineNo).values() : plainRecords(text, lineNo);
    if (header) header = records.next().done ?? false;
    yield records;
  }
}

/** Without a quote a line break always ends a record and a comma always a value: nothing needs to be parsed. */
function* plainRecords(text: string, firstLineNo: number): Generator<CsvRecord, undefined> {
  let lineNo = firstLineNo;
  let start = 0;
  while (start < text.length) {
    const found = text.indexOf('\n', start);
    const end = found < 0 ? text.length : found;
    const line = text.slice(start, text[end - 1] === '\r' && end > start ? end - 1 : end);
    if (line !== '') yield { fields: line.split(','), lineNo };
    start = end + 1;
    lineNo += 1;
  }
}

function quotedRecords(text: string, firstLineNo: number): CsvRecord[] {
  try {
    const parsed = parse(text, {
      info: true,
      record_delimiter: ['\r\n', '\n'],
      relax_column_count: true,
      skip_empty_lines: true,
      max_record_size: MAX_RECORD,
    }) as unknown as { record: string[]; info: { lines: number } }[];
    return parsed.map(({ record }, index) => ({
      fields: record,
      lineNo: firstLineNo + (parsed[index - 1]?.info.lines ?? 0),
    }));
  } catch (error) {
    if (error instanceof CsvError) throw new Malformed(firstLineNo + Number(error['lines'] ?? 1) - 1);
    throw error;
  }
}

/** The text in pieces of whole records: a line break ends one wherever the quotes before it are even in number. */
async function* pieces(source: Bytes, charset: Charset): AsyncGenerator<{ text: string; lineNo: number }> {
  let rest = '';
  let lineNo = 1;
  for await (const text of decoded(source, charset)) {
    const broken = text.indexOf('\uFFFD');
    if (broken >= 0) throw new Undecodable(lineNo + countLines(rest) + countLines(text.slice(0, broken)));
    const joined = rest + text;
    // A record that does not end is the library's to refuse.
    const end = lastRecordEnd(joined) || (joined.length > MAX_RECORD ? joined.length : 0);
    if (end > 0) {
      yield { text: joined.slice(0, end), lineNo };
      lineNo += countLines(joined.slice(0, end));
    }
    rest = joined.slice(end);
  }
  if (rest !== '') yield { text: rest, lineNo };
}

/** Where the last whole record of a text ends; 0 when none does. */
function lastRecordEnd(text: string): number {
  if (!text.includes('"')) return text.lastIndexOf('\n') + 1;
  let end = 0;
  let quoted = false;
  for (const { 0: sign, index } of text.matchAll(/["\n]/g)) {
    if (sign === '"') quoted = !quoted;
    else if (!quoted) end = index + 1;
  }
  return end;
}

/** Undecodable bytes become U+FFFD, in both charsets, so that one place finds them and knows the line. */
async function* decoded(source: Bytes, charset: Charset, most = Infinity): AsyncGenerator<string> {
  const decoder = charset === 'utf-8' ? new TextDecoder('utf-8') : null;
  const legacy = decoder ? null : iconv.getDecoder('cp932');
  let left = most;
  for await (const chunk of source()) {
    const bytes = chunk.length > left ? chunk.subarray(0, left) : chunk;
    yield decoder ? decoder.decode(bytes, { stream: true }) : (legacy?.write(bytes) ?? '');
    left -= bytes.length;
    if (left === 0) return;
  }
  yield decoder ? decoder.decode() : (legacy?.end() ?? '');
}

function countLines(text: string): number {
  let count = 0;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) count += 1;
  return count;
}

/** Enough to hold the header and the first row, both of which fit a line of the upload. */
const HEAD_BYTES = 160 * 1024;

/** The header of a file and whether a row follows; null when the file says nothing. Errors: Undecodable, CsvError of csv-parse. */
export async function readHeader(
  source: Bytes,
  charset: Charset,
): Promise<{ header: string[]; hasRows: boolean } | null> {
  let head = '';
  for await (const text of decoded(source, charset, HEAD_BYTES)) head += text;
  const broken = head.indexOf('\uFFFD');
  if (broken >= 0) throw new Undecodable(1 + countLines(head.slice(0, broken)));
  const [header, row] = parse(head, {
    relax_column_count: true,
    skip_empty_lines: true,
    to: 2,
  });
  return header ? { header, hasRows: row !== undefined } : null;
}

/** What cannot be read at all is an error of the file, named by its line; anything else is thrown on. */
export function noteUnreadable(error: unknown, errors: RowErrorList): void {
  if (error instanceof Undecodable)
    errors.add({ lineNo: error.lineNo, column: null, value: null, code: 'bytes_undecodable' });
  else if (error instanceof Malformed)
    errors.add({ lineNo: error.lineNo, column: null, value: null, code: 'csv_malformed' });
  else throw error;
}
