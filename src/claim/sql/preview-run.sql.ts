import type { Tx } from '../../platform/database/database.js';
import { Prisma } from '../../platform/database/prisma.js';
import { matchesFilter, type ClaimFilter } from './claim-filter.sql.js';

export interface RunPreviewRow {
  readonly group: 'payable' | 'below_one_yen' | 'under_review' | 'not_pending';
  /** The power of ten from which the amounts of this row begin. */
  readonly fromJpy: string;
  readonly count: bigint;
  readonly sumJpy: bigint;
}

/**
 * What a filter selects and what it leaves out, and why, each by the powers of ten of the amounts; one pass over the claims.
 * Held claims are one group, whatever the hold is.
 */
export function previewRun(tx: Tx, filter: ClaimFilter): Promise<RunPreviewRow[]> {
  return tx.$queryRaw<RunPreviewRow[]>`
    SELECT CASE WHEN c.status <> 'pending' THEN 'not_pending' WHEN c.held THEN 'under_review' WHEN c.amount_jpy = 0 THEN 'below_one_yen' ELSE 'payable' END AS group,
           (10::numeric ^ (length(c.amount_jpy::text) - 1))::bigint::text AS "fromJpy", count(*) AS count, sum(c.amount_jpy)::bigint AS "sumJpy"
    FROM claim c WHERE ${matchesFilter(filter)}
    GROUP BY 1, length(c.amount_jpy::text) ORDER BY 1, length(c.amount_jpy::text)`;
}

/** How many of the claims that a filter would decide now are those of staff and their relatives. */
export async function claimsOfStaff(tx: Tx, filter: ClaimFilter): Promise<{ count: bigint; sumJpy: bigint }> {
  const [row] = await tx.$queryRaw<[{ count: bigint; sumJpy: bigint }]>`
    SELECT count(*) AS count, coalesce(sum(c.amount_jpy), 0)::bigint AS "sumJpy"
    FROM (SELECT DISTINCT customer_no FROM staff_interest) i JOIN holder h ON h.customer_no = i.customer_no JOIN claim c ON c.holder_id = h.id
    WHERE c.status = 'pending' AND NOT c.held AND ${matchesFilter(filter)}`;
  return row;
}

export interface RunClaimRow {
  readonly claimNo: string;
  readonly customerNo: string;
  readonly amountJpy: bigint;
}

/** The ten largest that a filter would approve now. */
export function tenLargest(tx: Tx, filter: ClaimFilter): Promise<RunClaimRow[]> {
  return tx.$queryRaw<RunClaimRow[]>`
    SELECT c.claim_no AS "claimNo", h.customer_no AS "customerNo", c.amount_jpy AS "amountJpy"
    FROM (SELECT c.id, c.claim_no, c.holder_id, c.amount_jpy FROM claim c
          WHERE c.status = 'pending' AND NOT c.held AND ${matchesFilter(filter)}
          ORDER BY c.amount_jpy DESC, c.id LIMIT 10) AS c
    JOIN holder h ON h.id = c.holder_id
    ORDER BY c.amount_jpy DESC, c.id`;
}

/**
 * Notes on the holds of this filter's claims that a run has left them out because of it. A handful of rows, so each asks for
 * its own claim: a join could be planned over all claims.
 */
export function markHoldsMet(tx: Tx, filter: ClaimFilter): Promise<number> {
  return tx.$executeRaw(Prisma.sql`
    UPDATE claim_hold x SET met_at = now()
    WHERE x.status = 'active' AND x.met_at IS NULL
      AND (SELECT c.status = 'pending' AND ${matchesFilter(filter)} FROM claim c WHERE c.id = x.claim_id)`);
}
