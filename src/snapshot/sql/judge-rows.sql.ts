import type { PoolClient } from 'pg';
import { PART_COLUMNS, PERSONAL_COLUMNS } from '../columns.js';
import { NUL_SIGN, UNDECODABLE } from '../csv-text.js';
import { numberOf, ROW_RULES } from './row-rules.js';

/** Counts and sums of an upload as it is; of faulty rows only those quantities count that can be read. */
export interface StagedTotals {
  readonly rowCount: bigint;
  readonly faultyCount: bigint;
  readonly payableCount: bigint;
  /** XEM with 6 decimals. */
  readonly payableTotalXem: string;
  readonly excludedCount: bigint;
  readonly excludedTotalXem: string;
}

const NUMBERS = ['quantity_xem', ...PART_COLUMNS];
/** No number of an export is longer; turning thousands of digits into one would only take time. */
const READABLE_DIGITS = 40;
const NUMBER = '-?[0-9]+([.][0-9]+)?';

/**
 * Each staged row with its exclusion and its numbers, which are null where `readable` (of a column) does not hold. A customer
 * who is on the list twice counts as the first line says. OFFSET keeps PostgreSQL from working each number out again for each
 * rule that uses it.
 */
const judgedRows = (readable: (column: string) => string) => `
  SELECT r.*, e.customer_no IS NOT NULL AS excluded, e.reason,
         ${NUMBERS.map((column) => `CASE WHEN ${readable(column)} THEN r.${column}::numeric END AS ${numberOf(column)}`).join(', ')}
  FROM (SELECT staged_row.*, concat_ws(' ', ${NUMBERS.join(', ')}) ~ '^${NUMBER}( ${NUMBER})*$'
          AND greatest(${NUMBERS.map((column) => `octet_length(${column})`).join(', ')}) <= ${READABLE_DIGITS} AS numbers_readable
        FROM staged_row OFFSET 0) r
  LEFT JOIN (SELECT DISTINCT ON (customer_no) customer_no, reason FROM staged_exclusion WHERE flaw IS NULL ORDER BY customer_no, line_no) e
    ON e.customer_no = r.customer_no
  OFFSET 0`;

/** All numbers of a row by one pattern, or none: five patterns would take four times as long, and most rows are right. */
const ROWS_AT_ONCE = judgedRows(() => 'r.numbers_readable');
/** Each number by itself, to say which one is wrong. */
const ROWS_IN_DETAIL = judgedRows(
  (column) => `r.${column} ~ '^${NUMBER}$' AND octet_length(r.${column}) <= ${READABLE_DIGITS}`,
);

const FAULTY = ROW_RULES.map(({ wrongIf }) => `(${wrongIf})`).join(' OR ');

/** Counts, sums, and how many rows break a rule, in one pass over the staged rows. Locks nothing. */
export async function judgeRows(client: PoolClient): Promise<StagedTotals> {
  const { rows } = await client.query<Record<keyof StagedTotals, string>>(`
    SELECT count(*)::text AS "rowCount", count(*) FILTER (WHERE flaw IS NOT NULL OR faulty)::text AS "faultyCount",
           count(*) FILTER (WHERE NOT excluded)::text AS "payableCount", count(*) FILTER (WHERE excluded)::text AS "excludedCount",
           coalesce(sum(quantity) FILTER (WHERE NOT excluded), 0)::numeric(26, 6)::text AS "payableTotalXem",
           coalesce(sum(quantity) FILTER (WHERE excluded), 0)::numeric(26, 6)::text AS "excludedTotalXem"
    FROM (
      SELECT flaw, excluded, (${FAULTY}) AS faulty,
             CASE WHEN abs(${numberOf('quantity_xem')}) < 100000000000000 THEN ${numberOf('quantity_xem')} END AS quantity
      FROM (${ROWS_AT_ONCE}) AS judged OFFSET 0) AS counted`);
  const [row] = rows;
  if (!row) throw new Error('an aggregate has one row');
  return {
    ...row,
    rowCount: BigInt(row.rowCount),
    faultyCount: BigInt(row.faultyCount),
    payableCount: BigInt(row.payableCount),
    excludedCount: BigInt(row.excludedCount),
  };
}

/**
 * Lists everything that is wrong with the rows one by one, for uploads in which judgeRows found something. A value that has
 * a NUL or undecodable bytes is wrong because of those, whatever rule noticed it.
 */
export async function listFaultyRows(client: PoolClient): Promise<void> {
  const rules = ROW_RULES.map(({ column, code, wrongIf }) => `('${column}', ${column}, '${code}', ${wrongIf})`);
  await client.query(`
    INSERT INTO fault (part, line_no, code) SELECT 'rows', line_no, flaw FROM staged_row WHERE flaw IS NOT NULL`);
  await client.query(`
    INSERT INTO fault (part, line_no, column_name, value, code)
    SELECT 'rows', line_no, found.column_name, ${shownValue('found.column_name', 'found.value')}, ${clearerCode('found.value', 'found.code')}
    FROM (${ROWS_IN_DETAIL}) AS judged
    CROSS JOIN LATERAL (VALUES ${rules.join(',\n      ')}) AS found (column_name, value, code, wrong)
    WHERE judged.flaw IS NULL AND (${FAULTY}) AND found.wrong`);
}

/**
 * What may be shown of a wrong value: of personal ones their length only, and so of any that looks like one, because in a
 * shifted row a name stands under another column.
 */
export function shownValue(column: string, value: string): string {
  const personal = PERSONAL_COLUMNS.map((name) => `'${name}'`).join(', ');
  return `CASE WHEN ${column} IN (${personal}) OR ${value} ~ '[@\\u3040-\\u30ff\\u3400-\\u9fff]'
            THEN repeat('*', least(length(${value}), 20)) ELSE left(${value}, 60) END`;
}

export function clearerCode(value: string, code: string): string {
  return `CASE WHEN strpos(${value}, '${NUL_SIGN}') > 0 THEN 'nul_character' WHEN strpos(${value}, '${UNDECODABLE}') > 0 THEN 'undecodable' ELSE ${code} END`;
}
