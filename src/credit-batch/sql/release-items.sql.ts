import type { Tx } from '../../platform/database/database.js';

/**
 * Releases every item of a batch that is neither credited nor skipped, so that its claims may enter another batch.
 * Items before the position are done; the trigger refuses the release of a credited one and posts the counters.
 * The caller has locked the batch, so no chunk runs.
 */
export async function releaseItems(tx: Tx, batchId: bigint): Promise<number> {
  return tx.$executeRaw`
    UPDATE credit_batch_item i SET skip_reason = 'released'
    FROM credit_batch b
    WHERE b.id = ${batchId} AND i.batch_id = b.id AND i.seq >= b.next_seq AND i.skip_reason IS NULL`;
}
