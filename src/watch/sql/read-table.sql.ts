import type pg from 'pg';
import type { Slice } from '../slices.amount.js';
import type { Rows } from './rows.sql.js';

/** Where a sweep stands in one table, and which transactions it is about. */
export interface Portion {
  /** Rows that older transactions wrote have been compared; 0 for none. */
  readonly comparedXid: bigint;
  /** Rows that these wrote have been compared as well. */
  readonly comparedXids: readonly string[];
  /** What this and later ones wrote is for the next sweep. */
  readonly untilXid: bigint;
  /** The writers from this one on are asked for; null for none. */
  readonly writersFromXid: bigint | null;
  readonly after: bigint;
  readonly most: number;
}

/** What the rows of each table hold together. */
const SUMS = {
  claim: `coalesce(sum(amount_jpy) FILTER (WHERE status = 'approved'), 0) AS approved,
          coalesce(sum(amount_jpy) FILTER (WHERE status = 'credited'), 0) AS jpy,
          count(*) FILTER (WHERE status = 'credited') AS count`,
  ledger_account: `0 AS approved, coalesce(sum(balance_jpy) FILTER (WHERE holder_id IS NOT NULL), 0) AS jpy, 0 AS count`,
  ledger_transfer: `0 AS approved, coalesce(sum(amount_jpy) FILTER (WHERE kind = 'credit'), 0) AS jpy,
                    count(*) FILTER (WHERE kind = 'credit') AS count`,
};

/** What all rows hold, and those that this round compares. */
export interface TableReading extends Rows {
  readonly approvedJpy: bigint;
  readonly jpy: bigint;
  readonly count: bigint;
  /** The last of the fresh rows; null when nothing is left of this sweep. */
  readonly freshTo: bigint | null;
  /** Which of the asked transactions wrote fresh rows. */
  readonly writers: readonly string[];
}

interface Row {
  readonly approved: string;
  readonly jpy: string;
  readonly count: string;
  readonly fresh: string;
  readonly last: string | null;
  readonly length: string;
  readonly writers: string[] | null;
  readonly slice: string;
}

/**
 * One pass over a table: what it holds, and which of its rows are to be compared. A row names the transaction that wrote it, so
 * no index is needed to find the new ones, and no trigger has to have seen them. Locks nothing.
 */
export async function readTable(
  client: pg.ClientBase,
  table: keyof typeof SUMS,
  portion: Portion,
  slice: Slice,
): Promise<TableReading> {
  const { rows } = await client.query<Row>(readingOf(table), [
    portion.comparedXid.toString(),
    portion.untilXid.toString(),
    portion.comparedXids,
    portion.after.toString(),
    portion.most,
    portion.writersFromXid?.toString() ?? null,
    slice.after.toString(),
    slice.to.toString(),
  ]);
  const [row] = rows;
  if (!row) throw new Error('sums have always one row');
  const isLast = Number(row.length) < portion.most || row.last === null;
  return {
    approvedJpy: BigInt(row.approved),
    jpy: BigInt(row.jpy),
    count: BigInt(row.count),
    fresh: row.fresh,
    slice: row.slice,
    freshTo: isLast ? null : BigInt(row.last),
    writers: row.writers ?? [],
  };
}

function readingOf(table: keyof typeof SUMS): string {
  const isFresh = `(age(t.xmin) <= age($1::text::xid8::xid) AND age(t.xmin) > age($2::text::xid8::xid) AND t.xmin <> ALL ($3::xid[]))`;
  return `
    WITH pass AS MATERIALIZED (
      SELECT ${SUMS[table]},
             array_agg(t.id) FILTER (WHERE t.id > $4 AND ${isFresh}) AS fresh,
             array_agg(DISTINCT t.xmin::text) FILTER (WHERE age(t.xmin) <= age($6::text::xid8::xid) AND ${isFresh}) AS writers
      FROM ${table} t
    )
    SELECT pass.approved, pass.jpy, pass.count, pass.writers, portion.fresh, portion.last, portion.length,
           (SELECT coalesce(array_agg(t.id), '{}')::text FROM ${table} t WHERE t.id > $7 AND t.id <= $8) AS slice
    FROM pass CROSS JOIN LATERAL (
      SELECT coalesce(array_agg(id), '{}')::text AS fresh, max(id) AS last, count(*) AS length
      FROM (SELECT unnest(pass.fresh) AS id ORDER BY id LIMIT $5) AS first
    ) AS portion`;
}
