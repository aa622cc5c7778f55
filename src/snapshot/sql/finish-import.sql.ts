import type { RowError } from '../../holder/row-errors.js';
import type { Tx } from '../../platform/database/database.js';

/** Whether this import is still to be finished; until the transaction ends, nobody else finishes it. Locks the snapshot. */
export async function lockImporting(tx: Tx, snapshotId: string): Promise<boolean> {
  const rows = await tx.$queryRaw<unknown[]>`
    SELECT 1 FROM snapshot WHERE id = ${snapshotId}::uuid AND status = 'importing' FOR UPDATE`;
  return rows.length > 0;
}

/** Keeps the first faults of a file; one statement whatever their number. Locks nothing that is there. */
export async function keepErrors(tx: Tx, snapshotId: string, errors: readonly RowError[]): Promise<void> {
  await tx.$executeRaw`
    INSERT INTO snapshot_row_error (snapshot_id, line_no, column_name, value, code)
    SELECT ${snapshotId}::uuid, * FROM unnest(
      ${errors.map(({ lineNo }) => lineNo)}::bigint[], ${errors.map(({ column }) => column)}::text[],
      ${errors.map(({ value }) => value)}::text[], ${errors.map(({ code }) => code)}::text[])`;
}
