import type { Tx } from '../../platform/database/database.js';
import { matchesFilter } from '../../claim/sql/claim-filter.sql.js';
import type { CreditBatchFilter } from './reserve-claims.sql.js';

export interface ReasonRow {
  readonly reason: string;
  readonly count: bigint;
  readonly sumJpy: bigint;
}

/** Items that were skipped, or would be if their turn came now. Every kind of hold is the one reason under_review. */
export function skippedItems(tx: Tx, batchId: bigint): Promise<ReasonRow[]> {
  return tx.$queryRaw<ReasonRow[]>`
    SELECT reason, count(*) AS count, sum(amount_jpy)::bigint AS "sumJpy"
    FROM (SELECT i.amount_jpy, CASE WHEN i.skip_reason IS NOT NULL THEN i.skip_reason::text WHEN c.status = 'credited' THEN NULL
                                    WHEN c.held THEN 'under_review' WHEN c.status <> 'approved' THEN 'not_approved' END AS reason
          FROM credit_batch_item i JOIN claim c ON c.id = i.claim_id WHERE i.batch_id = ${batchId}) AS items
    WHERE reason IS NOT NULL GROUP BY 1 ORDER BY 1`;
}

/** Claims that the filter meets and the batch does not hold, and why not, as things are now. */
export function excludedClaims(tx: Tx, batchId: bigint, filter: CreditBatchFilter): Promise<ReasonRow[]> {
  return tx.$queryRaw<ReasonRow[]>`
    SELECT CASE WHEN c.status = 'credited' THEN 'already_credited' WHEN c.status = 'rejected' THEN 'rejected' WHEN c.held THEN 'under_review'
                WHEN c.status = 'pending' THEN 'not_decided' WHEN c.amount_jpy = 0 THEN 'below_one_yen'
                WHEN other.claim_id IS NOT NULL THEN 'in_another_batch' ELSE 'not_selected' END AS reason,
           count(*) AS count, sum(c.amount_jpy)::bigint AS "sumJpy"
    FROM claim c
    LEFT JOIN credit_batch_item other ON other.claim_id = c.id AND other.skip_reason IS NULL
    WHERE ${matchesFilter(filter)} AND NOT EXISTS (SELECT FROM credit_batch_item mine WHERE mine.batch_id = ${batchId} AND mine.claim_id = c.id)
    GROUP BY 1 ORDER BY 1`;
}

export interface PreviewClaimRow {
  readonly claimNo: string;
  readonly customerNo: string;
  readonly amountJpy: bigint;
}

export function tenLargestItems(tx: Tx, batchId: bigint): Promise<PreviewClaimRow[]> {
  return tx.$queryRaw<PreviewClaimRow[]>`
    SELECT c.claim_no AS "claimNo", h.customer_no AS "customerNo", i.amount_jpy AS "amountJpy"
    FROM (SELECT * FROM credit_batch_item WHERE batch_id = ${batchId} ORDER BY amount_jpy DESC, seq LIMIT 10) AS i
    JOIN claim c ON c.id = i.claim_id JOIN holder h ON h.id = c.holder_id
    ORDER BY i.amount_jpy DESC, i.seq`;
}

export function smallestItem(tx: Tx, batchId: bigint): Promise<PreviewClaimRow[]> {
  return tx.$queryRaw<PreviewClaimRow[]>`
    SELECT c.claim_no AS "claimNo", h.customer_no AS "customerNo", i.amount_jpy AS "amountJpy"
    FROM (SELECT * FROM credit_batch_item WHERE batch_id = ${batchId} ORDER BY amount_jpy, seq LIMIT 1) AS i
    JOIN claim c ON c.id = i.claim_id JOIN holder h ON h.id = c.holder_id`;
}

export interface AmountClassRow {
  readonly fromJpy: string;
  readonly count: bigint;
  readonly sumJpy: bigint;
}

/** One row for each power of ten that occurs. */
export function itemDistribution(tx: Tx, batchId: bigint): Promise<AmountClassRow[]> {
  return tx.$queryRaw<AmountClassRow[]>`
    SELECT (10::numeric ^ (length(amount_jpy::text) - 1))::bigint::text AS "fromJpy", count(*) AS count, sum(amount_jpy)::bigint AS "sumJpy"
    FROM credit_batch_item WHERE batch_id = ${batchId} GROUP BY length(amount_jpy::text) ORDER BY length(amount_jpy::text)`;
}

/** Items that belong to staff or their declared relatives. */
export async function itemsOfStaff(
  tx: Tx,
  batchId: bigint,
): Promise<{ readonly count: bigint; readonly sumJpy: bigint }> {
  const [row] = await tx.$queryRaw<[{ count: bigint; sumJpy: bigint }]>`
    SELECT count(*) AS count, coalesce(sum(i.amount_jpy), 0)::bigint AS "sumJpy"
    FROM credit_batch_item i JOIN claim c ON c.id = i.claim_id JOIN holder h ON h.id = c.holder_id
    WHERE i.batch_id = ${batchId} AND h.customer_no IN (SELECT customer_no FROM staff_interest)`;
  return row;
}
