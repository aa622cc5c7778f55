import type { Tx } from '../../platform/database/database.js';

export interface ProgressCounts {
  readonly holders: bigint;
  readonly claims: bigint;
  readonly credits: bigint;
}

/** How many there are of each; nothing here is published before it is cut to whole steps. Locks nothing. */
export async function countProgress(tx: Tx): Promise<ProgressCounts> {
  const [row] = await tx.$queryRaw<ProgressCounts[]>`
    SELECT (SELECT count(*) FROM frozen_balance b JOIN snapshot s ON s.id = b.snapshot_id
            WHERE s.status = 'sealed' AND b.excluded_reason IS NULL) AS holders,
           (SELECT count(*) FROM claim WHERE parent_claim_id IS NULL) AS claims,
           (SELECT count(*) FROM ledger_transfer WHERE kind = 'credit') AS credits`;
  return row ?? { holders: 0n, claims: 0n, credits: 0n };
}

export interface ProgressSums {
  readonly totalXem: string;
  readonly totalJpy: bigint;
  readonly creditedJpy: bigint;
  /** Day in Japan of the last credit that is counted; null when none is. */
  readonly updatedOn: string | null;
}

/**
 * Sums over the first so many of each, in the order in which they were written: what comes later never changes the sum of
 * those before. Held or not makes no difference to any of them. Locks nothing.
 */
export async function sumProgress(tx: Tx, { holders, claims, credits }: ProgressCounts): Promise<ProgressSums> {
  const [row] = await tx.$queryRaw<ProgressSums[]>`
    SELECT (SELECT coalesce(sum(quantity_xem), 0)::text FROM (
              SELECT b.quantity_xem FROM frozen_balance b JOIN snapshot s ON s.id = b.snapshot_id
              WHERE s.status = 'sealed' AND b.excluded_reason IS NULL ORDER BY s.sealed_at, b.id LIMIT ${holders}) AS counted) AS "totalXem",
           (SELECT coalesce(sum(amount_jpy), 0)::bigint FROM (
              SELECT amount_jpy FROM claim WHERE parent_claim_id IS NULL ORDER BY id LIMIT ${claims}) AS counted) AS "totalJpy",
           credited."creditedJpy", credited."updatedOn"
    FROM (SELECT coalesce(sum(amount_jpy), 0)::bigint AS "creditedJpy", (timezone('Asia/Tokyo', max(created_at)))::date::text AS "updatedOn"
          FROM (SELECT amount_jpy, created_at FROM ledger_transfer WHERE kind = 'credit' ORDER BY id LIMIT ${credits}) AS counted) AS credited`;
  return row ?? { totalXem: '0', totalJpy: 0n, creditedJpy: 0n, updatedOn: null };
}
