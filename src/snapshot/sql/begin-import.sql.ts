import type { PoolClient } from 'pg';

/** The name under which the progress of an import is found among the sessions (see read-progress.sql.ts). */
export const sessionName = (snapshotId: string): string => `henkin import ${snapshotId}`;

/**
 * Makes this transaction the one that imports the snapshot, and removes what a killed try has left. Answers false when the
 * snapshot is not being imported any more. Locks the snapshot against a second worker on the same job, and takes the one
 * lock of all imports, because two at once could insert the same customer; both wait as long as they may.
 */
export async function beginImport(client: PoolClient, snapshotId: string): Promise<boolean> {
  await client.query(
    `
    SELECT set_config('application_name', $1, true), set_config('lock_timeout', '0', true), set_config('work_mem', '64MB', true),
           set_config('datestyle', 'ISO', true)`,
    [sessionName(snapshotId)],
  );
  await client.query(`SELECT pg_advisory_xact_lock(hashtextextended('snapshot_import', 0))`);
  const { rowCount } = await client.query(
    `SELECT FROM snapshot WHERE id = $1 AND status = 'importing' FOR NO KEY UPDATE`,
    [snapshotId],
  );
  if (rowCount === 0) return false;
  await client.query('DELETE FROM frozen_balance WHERE snapshot_id = $1', [snapshotId]);
  await client.query('DELETE FROM snapshot_row_error WHERE snapshot_id = $1', [snapshotId]);
  return true;
}

/** From here on the rows are read and being checked; the number is kept in the session's name. */
export async function noteRowsRead(client: PoolClient, snapshotId: string, rows: number): Promise<void> {
  await client.query(`SELECT set_config('application_name', $1, true)`, [`${sessionName(snapshotId)} ${rows}`]);
}
