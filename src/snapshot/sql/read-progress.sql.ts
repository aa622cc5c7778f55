import type { Tx } from '../../platform/database/database.js';
import { sessionName } from './begin-import.sql.js';

/**
 * How many rows of an import have been read so far, by whichever process works on it, or null when none does. While COPY
 * runs PostgreSQL itself counts; afterwards the session's name tells. Reads system views only.
 */
export async function readProgress(tx: Tx, snapshotId: string): Promise<bigint | null> {
  const name = sessionName(snapshotId);
  const [row] = await tx.$queryRaw<{ rowsRead: bigint | null }[]>`
    SELECT coalesce(p.tuples_processed, nullif(split_part(a.application_name, ' ', 4), '')::bigint) AS "rowsRead"
    FROM pg_stat_activity a LEFT JOIN pg_stat_progress_copy p ON p.pid = a.pid
    WHERE a.datname = current_database() AND starts_with(a.application_name, ${name})`;
  return row?.rowsRead ?? null;
}
