import type { Tx } from '../../platform/database/database.js';
import type { ProofCause } from '../../platform/database/prisma.js';

export interface Unproven {
  readonly cause: ProofCause;
  readonly causeId: string;
}

/** Sealed snapshots and ended batches that credited something and have no tree yet, oldest first. Locks nothing. */
export function findUnproven(tx: Tx): Promise<Unproven[]> {
  return tx.$queryRaw<Unproven[]>`
    SELECT due.cause, due."causeId" FROM (
      SELECT 'snapshot'::proof_cause AS cause, id::text AS "causeId", sealed_at AS at FROM snapshot
      WHERE status = 'sealed' AND payable_count > 0
      UNION ALL
      SELECT 'credit_batch', id::text, finished_at FROM credit_batch
      WHERE status IN ('completed', 'stopped') AND credited_count > 0) AS due
    WHERE NOT EXISTS (SELECT FROM proof_tree t WHERE t.cause = due.cause AND t.cause_id = due."causeId")
    ORDER BY due.at, due."causeId"`;
}
