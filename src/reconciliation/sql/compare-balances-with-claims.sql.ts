import type { Tx } from '../../platform/database/database.js';

/** One sealed snapshot beside the claims that were opened from it; sums are exact decimal text. */
export interface SnapshotComparison {
  /** Null for claims that stand on no sealed payable balance. */
  readonly snapshotId: string | null;
  readonly payableCount: bigint;
  readonly quantityXem: string;
  /** Quantity × effective price; 0 while no rate is effective. */
  readonly exactJpy: string;
  readonly claimCount: bigint;
  readonly claimsJpy: bigint;
  /** Quantity × price of the claims themselves. */
  readonly claimsExactJpy: string;
  /** Claims whose balance is missing, or whose quantity or price is another. */
  readonly differingCount: bigint;
}

/** Balance by balance, so that two errors cannot make up for each other. One pass over balances and claims; locks nothing. */
export function compareBalancesWithClaims(tx: Tx): Promise<SnapshotComparison[]> {
  return tx.$queryRaw<SnapshotComparison[]>`
    SELECT p.snapshot_id::text AS "snapshotId", count(p.id) AS "payableCount",
           coalesce(sum(p.quantity_xem), 0)::text AS "quantityXem", coalesce(sum(p.quantity_xem * r.price_jpy_per_xem), 0)::text AS "exactJpy",
           count(c.id) AS "claimCount", coalesce(sum(c.amount_jpy), 0)::bigint AS "claimsJpy",
           coalesce(sum(c.quantity_xem * c.price_jpy_per_xem), 0)::text AS "claimsExactJpy",
           count(c.id) FILTER (WHERE (c.quantity_xem, c.price_jpy_per_xem) IS DISTINCT FROM (p.quantity_xem, r.price_jpy_per_xem)) AS "differingCount"
    FROM (SELECT b.id, b.snapshot_id, b.quantity_xem FROM frozen_balance b JOIN snapshot s ON s.id = b.snapshot_id
          WHERE s.status = 'sealed' AND b.excluded_reason IS NULL) AS p
    FULL JOIN (SELECT id, frozen_balance_id, quantity_xem, price_jpy_per_xem, amount_jpy FROM claim WHERE parent_claim_id IS NULL) AS c
      ON c.frozen_balance_id = p.id
    LEFT JOIN rate r ON r.status = 'effective'
    GROUP BY p.snapshot_id`;
}
