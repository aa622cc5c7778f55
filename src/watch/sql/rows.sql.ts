import type { Slice } from '../slices.amount.js';

/** Which rows of a table a round compares: all that were written since the last round, and one slice, whoever wrote it. */
export interface Rows {
  /** The oldest transaction that was not over when the last round looked; 0 for all rows. */
  readonly writtenSince: bigint;
  readonly slice: Slice;
}

/**
 * The condition for rows of `table`, whose parameters are $1 to $3. A row names the transaction that wrote it, so one pass
 * over the table finds the new ones without an index, and no trigger has to have seen them.
 */
export function amongRows(table: string): string {
  return `(age(${table}.xmin) <= age($1::text::xid8::xid) OR (${table}.id > $2 AND ${table}.id <= $3))`;
}

export function paramsOf({ writtenSince, slice }: Rows): string[] {
  return [writtenSince, slice.after, slice.to].map(String);
}
