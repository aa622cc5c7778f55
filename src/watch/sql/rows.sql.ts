/** A list of ids as PostgreSQL writes it: handed back as it came, since a portion has very many. */
type Ids = string;

/** Which rows of a table a round compares. */
export interface Rows {
  /** The next portion of all that were written since the sweep before. */
  readonly fresh: Ids;
  /** One slice of all, whoever wrote it. */
  readonly slice: Ids;
}

/** The condition for the rows of `table`, looked up by their keys: parameters $1 and $2. */
export function amongRows(table: string): string {
  return `${table}.id IN (SELECT unnest($1::bigint[]) UNION SELECT unnest($2::bigint[]))`;
}
