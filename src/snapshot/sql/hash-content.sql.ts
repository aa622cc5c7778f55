import type { Tx } from '../../platform/database/database.js';

/**
 * What a seal would agree to now, worked out from the rows as they are; null when the snapshot is not waiting for a seal.
 * One pass over the rows of the snapshot. Locks nothing.
 */
export async function hashContent(tx: Tx, snapshotId: string): Promise<string | null> {
  const [row] = await tx.$queryRaw<{ hash: string }[]>`
    SELECT snapshot_content_hash(s, (SELECT rows_digest FROM snapshot_figures(s.id))) AS hash
    FROM snapshot s WHERE s.id = ${snapshotId}::uuid AND s.status = 'ready'`;
  return row?.hash ?? null;
}
