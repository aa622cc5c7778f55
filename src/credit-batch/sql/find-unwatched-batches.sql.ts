import type { Tx } from '../../platform/database/database.js';

/**
 * Batches that paused because the watch gave no sign of life, and may go on: nothing stands in the way of crediting and
 * nobody has asked to end them. Locked in the order of their ids, as whoever changes a batch does.
 */
export async function lockUnwatchedBatches(tx: Tx): Promise<bigint[]> {
  const rows = await tx.$queryRaw<{ id: bigint }[]>`
    SELECT b.id FROM credit_batch b
    WHERE b.status = 'paused' AND b.pause_kind = 'unwatched' AND crediting_obstacle() IS NULL
      AND NOT EXISTS (SELECT FROM approval_request r
                      WHERE r.subject_type = 'batch_stop' AND r.subject_id = b.id::text AND r.status = 'pending')
    ORDER BY b.id FOR UPDATE OF b`;
  return rows.map(({ id }) => id);
}
