import { copyText } from '../holder/copy-text.js';
import {
  csvPieces,
  csvRecords,
  noteUnreadable,
  readHeader,
  rowReader,
  type Bytes,
  type Charset,
  type CsvRecord,
} from '../holder/csv-source.js';
import { shownValue } from '../holder/person.rules.js';
import type { RowErrorList } from '../holder/row-error-list.js';
import { stagedKeys } from '../holder/search-key.js';
import { EXCLUSION_REASONS, HOLDER_COLUMNS, type ExclusionReason } from './columns.js';
import { flawsOf, type RawRow } from './row-rules.js';

/** Columns of search keys in a staged row. */
const SEARCH_KEYS = 6;

export interface Exclusion {
  readonly reason: ExclusionReason;
  readonly text: string;
  readonly lineNo: number;
  met: boolean;
}

export async function readExclusions(
  source: Bytes,
  charset: Charset,
  errors: RowErrorList,
): Promise<Map<string, Exclusion>> {
  const found = new Map<string, Exclusion>();
  try {
    for await (const { fields, lineNo } of csvRecords(source, charset)) {
      const [customerNo = '', reason = '', text = ''] = fields;
      if (!(EXCLUSION_REASONS as readonly string[]).includes(reason))
        errors.add({ lineNo, column: 'reason', value: reason.slice(0, 80), code: 'exclusion_reason_unknown' });
      else if (found.has(customerNo))
        errors.add({ lineNo, column: 'customer_no', value: customerNo, code: 'exclusion_twice' });
      else found.set(customerNo, { reason: reason as ExclusionReason, text: text.slice(0, 500), lineNo, met: false });
    }
  } catch (error) {
    noteUnreadable(error, errors);
  }
  return found;
}

/** As `lines`, and an unreadable file ends them early: COPY itself must come to a good end, or the transaction is lost. */
export async function* stagedLines(
  source: Bytes,
  charset: Charset,
  exclusions: Map<string, Exclusion>,
  errors: RowErrorList,
): AsyncGenerator<string> {
  try {
    yield* lines(source, charset, exclusions, errors);
  } catch (error) {
    noteUnreadable(error, errors);
  }
}

/** A row of the file as it was judged; what is wrong with it is on the list of errors. */
export interface JudgedRow {
  readonly row: RawRow;
  readonly lineNo: number;
  readonly exclusion: Exclusion | null;
  readonly flawed: boolean;
}

/** Every row of the file, judged by itself, some at a time. Errors: those of reading the file. */
export async function* judgedRows(
  source: Bytes,
  charset: Charset,
  exclusions: Map<string, Exclusion>,
  errors: RowErrorList,
): AsyncGenerator<Iterable<JudgedRow>> {
  const header = (await readHeader(source, charset))?.header ?? [];
  const rowOf = rowReader(header, HOLDER_COLUMNS);
  const judged = function* (records: Iterable<CsvRecord>): Generator<JudgedRow> {
    for (const { fields, lineNo } of records) {
      if (fields.length !== header.length) {
        const code = fields.length < header.length ? 'too_few_columns' : 'too_many_columns';
        errors.add({ lineNo, column: null, value: null, code });
        continue;
      }
      const row: RawRow = rowOf(fields);
      const exclusion = exclusions.get(row.customer_no) ?? null;
      if (exclusion) exclusion.met = true;
      const flaws = flawsOf(row, exclusion?.reason ?? null);
      for (const { column, value, code } of flaws)
        errors.add({ lineNo, column, value: shownValue(column, value), code });
      yield { row, lineNo, exclusion, flawed: flaws.length > 0 };
    }
  };
  for await (const records of csvPieces(source, charset)) yield judged(records);
}

/** Rows as COPY's text format, in pieces of some size; a row with a flaw is staged by its customer number alone. */
async function* lines(
  source: Bytes,
  charset: Charset,
  exclusions: Map<string, Exclusion>,
  errors: RowErrorList,
): AsyncGenerator<string> {
  let piece = '';
  for await (const rows of judgedRows(source, charset, exclusions, errors)) {
    for (const { row, lineNo, exclusion, flawed } of rows) {
      piece += flawed ? flawedLine(row, lineNo) : line(row, lineNo, exclusion);
      if (piece.length > 65_536) {
        yield piece;
        piece = '';
      }
    }
  }
  if (piece !== '') yield piece;
}

function line(row: RawRow, lineNo: number, exclusion: Exclusion | null): string {
  const values = [
    ...HOLDER_COLUMNS.map((column) => row[column]),
    exclusion?.reason ?? '',
    exclusion?.text ?? '',
    ...stagedKeys(row),
  ];
  return `${lineNo}\t${values.map(copyText).join('\t')}\n`;
}

/** Still looked at for doubles; nothing of a file with flaws is taken over. */
function flawedLine(row: RawRow, lineNo: number): string {
  return `${lineNo}\t${copyText(row.customer_no.replaceAll('\0', ''))}${'\t\\N'.repeat(HOLDER_COLUMNS.length + 1 + SEARCH_KEYS)}\n`;
}
