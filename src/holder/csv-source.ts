import { createReadStream } from 'node:fs';
import { parse, type Parser } from 'csv-parse';
import { parse as parseSync } from 'csv-parse/sync';
import iconv from 'iconv-lite';
import type { RowErrorList } from './row-error-list.js';

export type Charset = 'utf-8' | 'windows-31j';

/** The bytes of a file are not text in the charset that was declared for it. */
export class Undecodable extends Error {
  constructor(readonly lineNo: number) {
    super(`undecodable bytes in line ${lineNo}`);
  }
}

export interface CsvRecord {
  readonly fields: string[];
  /** First line of the record in the file; a quoted value may go over several. */
  readonly lineNo: number;
}

/** A record may be this long in characters; the upload has refused longer lines already. */
const MAX_RECORD = 65_536;

/** The records of a file after its header, one by one, whatever its size. Errors: Undecodable, CsvError of csv-parse. */
export async function* csvRecords(path: string, charset: Charset): AsyncGenerator<CsvRecord> {
  const parser: Parser = parse({
    bom: true,
    info: true,
    relax_column_count: true,
    skip_empty_lines: true,
    max_record_size: MAX_RECORD,
  });
  const feeding = feed(path, charset, parser);
  feeding.catch((error: Error) => parser.destroy(error));
  let before = 0;
  let header = true;
  for await (const { record, info } of parser as AsyncIterable<{ record: string[]; info: { lines: number } }>) {
    if (!header) yield { fields: record, lineNo: before + 1 };
    header = false;
    before = info.lines;
  }
  await feeding;
}

async function feed(path: string, charset: Charset, parser: Parser): Promise<void> {
  let lines = 1;
  for await (const text of decoded(path, charset)) {
    const broken = text.indexOf('\uFFFD');
    if (broken >= 0) throw new Undecodable(lines + countLines(text.slice(0, broken)));
    lines += countLines(text);
    if (!parser.write(text)) await new Promise((resolve) => parser.once('drain', resolve));
  }
  parser.end();
}

/** Undecodable bytes become U+FFFD, in both charsets, so that one place finds them and knows the line. */
async function* decoded(path: string, charset: Charset, bytes = Infinity): AsyncGenerator<string> {
  const decoder = charset === 'utf-8' ? new TextDecoder('utf-8', { ignoreBOM: true }) : null;
  const legacy = decoder ? null : iconv.getDecoder('cp932');
  for await (const chunk of createReadStream(path, {
    highWaterMark: 256 * 1024,
    end: bytes,
  }) as AsyncIterable<Buffer>) {
    yield decoder ? decoder.decode(chunk, { stream: true }) : (legacy?.write(chunk) ?? '');
  }
  if (bytes === Infinity) yield decoder ? decoder.decode() : (legacy?.end() ?? '');
}

function countLines(text: string): number {
  let count = 0;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) count += 1;
  return count;
}

/** Enough to hold the header and the first row, both of which fit a line of the upload. */
const HEAD_BYTES = 160 * 1024;

/** The header of a file and whether a row follows; null when the file says nothing. Errors: Undecodable, CsvError. */
export async function readHeader(
  path: string,
  charset: Charset,
): Promise<{ header: string[]; hasRows: boolean } | null> {
  let head = '';
  for await (const text of decoded(path, charset, HEAD_BYTES)) head += text;
  const broken = head.indexOf('\uFFFD');
  if (broken >= 0) throw new Undecodable(1 + countLines(head.slice(0, broken)));
  const [header, row] = parseSync(head, {
    bom: true,
    relax_column_count: true,
    skip_empty_lines: true,
    to: 2,
  });
  return header ? { header, hasRows: row !== undefined } : null;
}

/** What cannot be read at all is an error of the file, named by its line; anything else is thrown on. */
export function noteUnreadable(error: unknown, errors: RowErrorList): void {
  const { code, lines } = error as { code?: string; lines?: number };
  if (error instanceof Undecodable)
    errors.add({ lineNo: error.lineNo, column: null, value: null, code: 'bytes_undecodable' });
  else if (code?.startsWith('CSV_'))
    errors.add({ lineNo: lines ?? null, column: null, value: null, code: 'csv_malformed' });
  else throw error;
}
