import type { Tx } from '../../platform/database/database.js';
import type { ExclusionReason } from '../snapshot.state.js';

export interface ExcludedByReason {
  readonly reason: ExclusionReason;
  readonly count: bigint;
  /** XEM with 6 decimals. */
  readonly totalXem: string;
}

/** The excluded rows of a snapshot, by reason. Locks nothing. */
export function excludedByReason(tx: Tx, snapshotId: string): Promise<ExcludedByReason[]> {
  return tx.$queryRaw<ExcludedByReason[]>`
    SELECT excluded_reason::text AS reason, count(*) AS count, sum(quantity_xem)::text AS "totalXem"
    FROM frozen_balance WHERE snapshot_id = ${snapshotId}::uuid AND excluded_reason IS NOT NULL
    GROUP BY excluded_reason ORDER BY excluded_reason`;
}
