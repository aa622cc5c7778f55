import { parse } from 'csv-parse/sync';
import { headerFlaw, type Part } from './columns.js';
import { markedCharset, textOf, type Charset } from './csv-text.js';
import { CharsetDiffers, FileEmpty, FileWithoutRows, HeaderRefused } from './snapshot.errors.js';

/** The columns of a file, in their order, from its first bytes. Blank lines before the header do not count. */
export function readHeader(head: Buffer, charset: Charset): string[] {
  return firstRecords(head, charset, 1)[0] ?? [];
}

/**
 * What can be said of a file before its rows are read. `whole` tells that `head` is all of it.
 * Errors: charset_differs, file_empty, file_without_rows, header_missing, header_unknown, header_doubled, header_lacks.
 */
export function assertReadable(part: Part, head: Buffer, whole: boolean, charset: Charset): void {
  const marked = markedCharset(head);
  if (marked !== null && marked !== charset) throw new CharsetDiffers(part, marked, charset);
  const [header, row] = firstRecords(head, charset, 2);
  if (!header) throw new FileEmpty(part);
  const flaw = headerFlaw(header, part);
  if (flaw) throw new HeaderRefused(part, flaw);
  if (!row && whole) throw new FileWithoutRows(part);
}

/** Lenient, because it is the import that says what is wrong with a row. */
function firstRecords(head: Buffer, charset: Charset, count: number): string[][] {
  const options = { to: count, skip_empty_lines: true, relax_column_count: true, relax_quotes: true };
  const text = textOf(head, charset);
  try {
    return parse(text, options);
  } catch {
    // A quote that is opened and not closed within these bytes: then the first line by itself is all there is to judge.
    const lines = text.split(/\r?\n/).filter((line) => line !== '');
    return lines.slice(0, count).map((line) => line.split(','));
  }
}
