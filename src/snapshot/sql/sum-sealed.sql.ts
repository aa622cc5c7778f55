import type { Tx } from '../../platform/database/database.js';

/** What the sealed snapshots come to: the base and its supplements together. */
export interface SealedTotals {
  readonly snapshotCount: bigint;
  readonly payableCount: bigint;
  /** XEM with 6 decimals. */
  readonly payableTotalXem: string;
}

/** One pass over the payable balances of all sealed snapshots, as they are and not as someone once counted them. Locks nothing. */
export async function sumSealed(tx: Tx): Promise<SealedTotals> {
  const [row] = await tx.$queryRaw<[SealedTotals]>`
    SELECT count(DISTINCT s.id) AS "snapshotCount", count(b.id) AS "payableCount", coalesce(sum(b.quantity_xem), 0)::numeric(26, 6)::text AS "payableTotalXem"
    FROM snapshot s LEFT JOIN frozen_balance b ON b.snapshot_id = s.id AND b.excluded_reason IS NULL
    WHERE s.status = 'sealed'`;
  return row;
}
