import { csvRecords, noteUnreadable, readHeader, rowReader, type Bytes, type Charset } from './csv-source.js';
import { copyText } from './copy-text.js';
import { PERSON_COLUMNS } from './person-columns.js';
import { personFlaws, shownValue, textFlaws, type RawPerson } from './person.rules.js';
import type { RowErrorList } from './row-error-list.js';
import { stagedKeys } from './search-key.js';

const SEARCH_KEYS = 6;

/** Rows as COPY's text format, in pieces of some size; a row with a flaw is staged by its customer number alone. */
export async function* stagedPersons(source: Bytes, charset: Charset, errors: RowErrorList): AsyncGenerator<string> {
  try {
    yield* lines(source, charset, errors);
  } catch (error) {
    // COPY itself must come to a good end, or the transaction is lost.
    noteUnreadable(error, errors);
  }
}

async function* lines(source: Bytes, charset: Charset, errors: RowErrorList): AsyncGenerator<string> {
  const header = (await readHeader(source, charset))?.header ?? [];
  const rowOf = rowReader(header, PERSON_COLUMNS);
  let piece = '';
  for await (const { fields, lineNo } of csvRecords(source, charset)) {
    if (fields.length !== header.length) {
      const code = fields.length < header.length ? 'too_few_columns' : 'too_many_columns';
      errors.add({ lineNo, column: null, value: null, code });
      continue;
    }
    const row: RawPerson = rowOf(fields);
    const flaws = [...textFlaws(row, PERSON_COLUMNS), ...personFlaws(row)];
    for (const { column, value, code } of flaws) errors.add({ lineNo, column, value: shownValue(column, value), code });
    piece += flaws.length > 0 ? flawedLine(row, lineNo) : line(row, lineNo);
    if (piece.length > 65_536) {
      yield piece;
      piece = '';
    }
  }
  if (piece !== '') yield piece;
}

function line(row: RawPerson, lineNo: number): string {
  const values = [...PERSON_COLUMNS.map((column) => row[column]), ...stagedKeys(row)];
  return `${lineNo}\t${values.map(copyText).join('\t')}\n`;
}

/** Still looked at for doubles; nothing of a file with flaws is taken over. */
function flawedLine(row: RawPerson, lineNo: number): string {
  const blank = '\t\\N'.repeat(PERSON_COLUMNS.length - 1 + SEARCH_KEYS);
  return `${lineNo}\t${copyText(row.customer_no.replaceAll('\0', ''))}${blank}\n`;
}
