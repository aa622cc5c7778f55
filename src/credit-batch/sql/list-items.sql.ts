import type { Tx } from '../../platform/database/database.js';

export interface CreditBatchItemRow {
  readonly seq: bigint;
  readonly claimNo: string;
  readonly customerNo: string;
  readonly amountJpy: bigint;
  readonly state: 'waiting' | 'credited' | 'skipped';
  readonly skipReason: 'under_review' | 'not_approved' | 'released' | null;
}

/** Items in their order, after a position. A live item whose claim is credited was credited by this batch: no other may hold it. */
export function listItems(tx: Tx, batchId: bigint, afterSeq: bigint, limit: number): Promise<CreditBatchItemRow[]> {
  return tx.$queryRaw<CreditBatchItemRow[]>`
    SELECT i.seq, c.claim_no AS "claimNo", h.customer_no AS "customerNo", i.amount_jpy AS "amountJpy", i.skip_reason AS "skipReason",
           CASE WHEN i.skip_reason IS NOT NULL THEN 'skipped' WHEN c.status = 'credited' THEN 'credited' ELSE 'waiting' END AS state
    FROM (SELECT * FROM credit_batch_item WHERE batch_id = ${batchId} AND seq > ${afterSeq} ORDER BY seq LIMIT ${limit}) AS i
    JOIN claim c ON c.id = i.claim_id
    JOIN holder h ON h.id = c.holder_id
    ORDER BY i.seq`;
}
