import type { PoolClient } from 'pg';
import { from, type CopyStreamQuery } from 'pg-copy-streams';
import { EXCLUSION_COLUMNS, ROW_COLUMNS, type Part } from '../columns.js';

const TABLES: Readonly<Record<Part, string>> = { rows: 'staged_row', exclusions: 'staged_exclusion' };

/**
 * Where the records of an upload are copied to, as texts, because each fault in them is to be named. The tables belong to
 * this connection alone, are never written to the log, and are gone with the transaction. `fault` collects what is wrong.
 */
export async function createStaging(client: PoolClient): Promise<void> {
  const texts = (columns: readonly string[]) => columns.map((column) => `${column} text`).join(', ');
  await client.query(`
    CREATE TEMP TABLE staged_row (line_no integer, flaw text, ${texts(ROW_COLUMNS)}) ON COMMIT DROP;
    CREATE TEMP TABLE staged_exclusion (line_no integer, flaw text, ${texts(EXCLUSION_COLUMNS)}) ON COMMIT DROP;
    CREATE TEMP TABLE fault (part text, line_no integer, column_name text, value text, code text) ON COMMIT DROP`);
}

/** Takes numbered records whose columns come in the order of the header; blank values become null. */
export function copyToStaging(client: PoolClient, part: Part, header: readonly string[]): CopyStreamQuery {
  const columns = ['line_no', 'flaw', ...header].join(', ');
  return client.query(from(`COPY ${TABLES[part]} (${columns}) FROM STDIN (FORMAT csv, FORCE_NULL *)`));
}
