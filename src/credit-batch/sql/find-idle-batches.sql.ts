import type { Tx } from '../../platform/database/database.js';

/**
 * Batches that should be worked on and for which no job is waiting or running, for instance because it gave up.
 * Reads the queue's own public view; locks nothing, because a job too many does no harm.
 */
export async function findIdleBatches(tx: Tx, jobKeyPrefix: string): Promise<{ id: bigint; notBefore: Date }[]> {
  return tx.$queryRaw<{ id: bigint; notBefore: Date }[]>`
    SELECT b.id, b.not_before AS "notBefore" FROM credit_batch b
    WHERE b.status IN ('approved', 'executing')
      AND NOT EXISTS (SELECT FROM graphile_worker.jobs j WHERE j.key = ${jobKeyPrefix} || b.id AND j.attempts < j.max_attempts)
    ORDER BY b.id`;
}
