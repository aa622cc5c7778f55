import pg from 'pg';
import { lineOf, LinesDigest, type Columns } from './chain-hash.js';
import { Mismatch } from './mismatch.js';
import type { ReadOnlyCopy } from './read-only-copy.js';

/** The numbers of rows that were noted together, as a constant of SQL. */
export type RowIds = string;

/** A table whose rows never change once they are written, and how its rows are found again. */
export interface WrittenTable {
  readonly table: string;
  /** Names of the columns, in the order of the line that the database digests. */
  readonly columns: readonly string[];
  /** How many of the columns, from the first, name a row to a person. */
  readonly keyColumns: number;
  /** The rows of one entry `r` of audit_rows, as those columns in text, in the order of the digest; ends in no semicolon. */
  readonly rowsOf: (condition: string, ids: RowIds) => string;
  /** How many rows there are that must have been noted. */
  readonly count: string;
  /** Names the first row that nobody noted. Asked only when the counts differ. */
  readonly unnoted: string;
  /**
   * For entries over many rows: compares columns with what other tables say of the same thing, and answers row, column,
   * value and what it should be. Asked only when a digest differs.
   */
  readonly suspects?: (condition: string, ids: RowIds) => string;
}

/** What people wrote in their own words is not quoted: it may be about others. */
const FREE_TEXT: ReadonlySet<string> = new Set(['reason', 'reason_text', 'excluded_text']);

interface Noted {
  readonly id: string;
  readonly table: string;
  readonly count: bigint;
  readonly digest: string;
  readonly onlyRow: string | null;
  readonly at: string;
  /** Which rows, where they have numbers of their own. */
  readonly ids: RowIds;
}

const NOTED = `SELECT r.id::text, table_name, row_count::text, rows_digest, only_row, to_char(timezone('UTC', written_at), 'YYYY-MM-DD"T"HH24:MI:SS"Z"'), row_ids::text
  FROM audit_rows r ORDER BY r.id`;

/** Recomputes the digest of everything that was noted, and finds rows that nobody noted. Answers how many rows. Errors: Mismatch. */
export async function verifyRows(copy: ReadOnlyCopy, tables: readonly WrittenTable[]): Promise<bigint> {
  const seen = new Map(tables.map(({ table }) => [table, 0n]));
  for await (const row of copy.rows(NOTED)) {
    const [id = '', name = '', count, digest = '', onlyRow = null, at = '', ranges = null] = row as string[];
    const table = tables.find((known) => known.table === name);
    if (!table) throw new Mismatch(`Rows ${id} are of the table ${name}, which this version does not know.`);
    const ids = `${pg.escapeLiteral(ranges ?? '{}')}::int8multirange`;
    const noted = { id, table: name, count: BigInt(count ?? 0), digest, onlyRow, at, ids };
    await verifyNoted(copy, table, noted);
    seen.set(name, (seen.get(name) ?? 0n) + noted.count);
  }
  let total = 0n;
  for (const { table, count, unnoted } of tables) {
    const [there] = (await copy.first(count)) ?? [];
    const noted = seen.get(table) ?? 0n;
    if (BigInt(there ?? 0) !== noted) {
      const [row] = (await copy.first(unnoted)) ?? ['?'];
      throw new Mismatch(`${table} ${row} is not in the chain: it was written past its triggers.`);
    }
    total += noted;
  }
  return total;
}

async function verifyNoted(copy: ReadOnlyCopy, table: WrittenTable, noted: Noted): Promise<void> {
  const digest = LinesDigest.ofRows(table.table);
  let last: Columns = [];
  for await (const columns of copy.rows(table.rowsOf(`r.id = ${BigInt(noted.id)}`, noted.ids))) {
    digest.add(lineOf(columns));
    last = columns;
  }
  if (digest.lines === noted.count && digest.hex() === noted.digest) return;
  throw new Mismatch(
    `${await nameDifference(copy, table, noted, digest.lines, last)} (noted as rows ${noted.id} at ${noted.at})`,
  );
}

async function nameDifference(
  copy: ReadOnlyCopy,
  table: WrittenTable,
  { id, onlyRow, count, ids }: Noted,
  found: bigint,
  row: Columns,
): Promise<string> {
  if (onlyRow !== null) return nameColumn(table, JSON.parse(onlyRow) as Columns, found === 1n ? row : null);
  const suspect = table.suspects ? await copy.first(table.suspects(`r.id = ${BigInt(id)}`, ids)) : null;
  const which = suspect
    ? `${table.table} ${suspect[0]}: ${suspect[1]} is ${suspect[2]} and should be ${suspect[3]}. `
    : '';
  if (found !== count)
    return `${which}Of ${count} rows of ${table.table} that were written together ${found} are there.`;
  return `${which}The ${count} rows of ${table.table} that were written together are no longer what they were.`;
}

function nameColumn(table: WrittenTable, was: Columns, is: Columns | null): string {
  const key = was.slice(0, table.keyColumns).join('/');
  if (is === null) return `${table.table} ${key} is missing: it was removed, or its key was changed.`;
  const at = table.columns.findIndex((_, column) => was[column] !== is[column]);
  const column = table.columns[at];
  if (column === undefined)
    return `${table.table} ${key} is as it was noted, but its note does not have its own digest.`;
  if (FREE_TEXT.has(column)) return `${table.table} ${key}: ${column} is not what was written.`;
  return `${table.table} ${key}: ${column} is ${JSON.stringify(is[at])} and was written as ${JSON.stringify(was[at])}.`;
}
