import type pg from 'pg';
import type { Slice } from '../slices.amount.js';

/** A list of ids as PostgreSQL writes it: handed back as it came, since a portion has very many. */
type Ids = string;

/** Which rows of a table a round compares. */
export interface Rows {
  /** The next portion of all that were written since the sweep before. */
  readonly fresh: Ids;
  /** One slice of all, whoever wrote it. */
  readonly slice: Ids;
  /** The last of the portion; null once nothing is left of this sweep. */
  readonly freshTo: bigint | null;
}

export interface Portion {
  /** The oldest transaction that was not over when the sweep before began; 0 for all rows. */
  readonly sinceXid: bigint;
  /** The first that had not begun when this one did. */
  readonly untilXid: bigint;
  readonly after: bigint;
  readonly most: number;
}

/**
 * A row names the transaction that wrote it, so one pass over the table finds the new ones without an index, and no trigger
 * has to have seen them.
 */
export async function pickRows(
  client: pg.ClientBase,
  table: 'ledger_account' | 'ledger_transfer' | 'claim',
  { sinceXid, untilXid, after, most }: Portion,
  slice: Slice,
): Promise<Rows> {
  const { rows } = await client.query<{ fresh: Ids; slice: Ids; last: string | null; count: string }>(
    `WITH fresh AS MATERIALIZED (
       SELECT t.id FROM ${table} t
       WHERE t.id > $1 AND age(t.xmin) <= age($2::text::xid8::xid) AND age(t.xmin) > age($3::text::xid8::xid)
       ORDER BY t.id LIMIT $4
     )
     SELECT coalesce(array_agg(id), '{}')::text AS fresh, max(id) AS last, count(*) AS count,
            (SELECT coalesce(array_agg(t.id), '{}') FROM ${table} t WHERE t.id > $5 AND t.id <= $6)::text AS slice
     FROM fresh`,
    [after, sinceXid, untilXid, most, slice.after, slice.to].map(String),
  );
  const [row] = rows;
  if (!row) throw new Error('a count has always one row');
  const isLast = Number(row.count) < most || row.last === null;
  return { fresh: row.fresh, slice: row.slice, freshTo: isLast ? null : BigInt(row.last ?? 0) };
}

/** The ids of both, each once: parameters $1 and $2. The planner sees how many there are and looks them up or reads all, whichever is faster. */
export const AMONG_ROWS = `(SELECT unnest($1::bigint[]) AS id UNION SELECT unnest($2::bigint[])) AS among`;
