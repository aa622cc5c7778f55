import type { Tx } from '../../platform/database/database.js';

/**
 * Waves that should be worked on and for which no job is waiting or running, for instance because it gave up. Reads the
 * queue's own public view; locks nothing, because a job too many does no harm.
 */
export function findIdleWaves(tx: Tx, jobKeyPrefix: string): Promise<{ id: bigint; startsAt: Date }[]> {
  return tx.$queryRaw<{ id: bigint; startsAt: Date }[]>`
    SELECT w.id, w.starts_at AS "startsAt" FROM mail_wave w JOIN campaign c ON c.id = w.campaign_id
    WHERE c.status = 'released' AND w.status IN ('planned', 'sending')
      AND NOT EXISTS (SELECT FROM graphile_worker.jobs j WHERE j.key = ${jobKeyPrefix} || w.id AND j.attempts < j.max_attempts)
    ORDER BY w.id`;
}
