import type { Tx } from '../../platform/database/database.js';

export interface CreditedChunk {
  /** Items of this chunk: credited + skipped, or something is not as it must be. */
  readonly itemCount: bigint;
  /** Are there items after this chunk? */
  readonly more: boolean;
  readonly creditedCount: bigint;
  readonly creditedJpy: bigint;
  readonly skippedCount: bigint;
  readonly skippedJpy: bigint;
  /** SHA-256 over `claim id:wallet account id:amount` of the credited items, one per line, in the order of claim ids. */
  readonly digest: string;
}

/**
 * Credits the items of a batch from `fromSeq` up to and including `toSeq`: transfers, claims and skipped items in one
 * statement, however many they are. Balances and the batch's counters are posted by the triggers of the same statement.
 *
 * Locks the claims in the order of their ids, as approvals do, and reads their state once each is locked: a hold that
 * arrives meanwhile is either seen here, and its claim skipped, or waits until the claim is credited. The caller has locked
 * the batch. The ranges, of positions and of claim ids, let items and claims be found by one walk of their index each,
 * whatever the statistics say about tables that have just been filled.
 */
export async function creditChunk(tx: Tx, batchId: bigint, fromSeq: bigint, toSeq: bigint): Promise<CreditedChunk> {
  const [row] = await tx.$queryRaw<[CreditedChunk]>`
    WITH chunk AS MATERIALIZED (
      SELECT seq, claim_id, wallet_account_id, amount_jpy FROM credit_batch_item
      WHERE batch_id = ${batchId} AND seq BETWEEN ${fromSeq} AND ${toSeq} AND skip_reason IS NULL
    ), span AS MATERIALIZED (
      SELECT min(claim_id) AS low, max(claim_id) AS high FROM chunk
    ), locked AS MATERIALIZED (
      SELECT k.seq, k.claim_id, k.wallet_account_id, k.amount_jpy, c.status, c.held
      FROM chunk k JOIN claim c ON c.id = k.claim_id AND c.id BETWEEN (SELECT low FROM span) AND (SELECT high FROM span)
      ORDER BY c.id FOR NO KEY UPDATE OF c
    ), credited AS (
      UPDATE claim c SET status = 'credited', version = c.version + 1
      FROM locked l
      WHERE c.id = l.claim_id AND c.id BETWEEN (SELECT low FROM span) AND (SELECT high FROM span) AND l.status = 'approved' AND NOT l.held
      RETURNING l.claim_id, l.wallet_account_id, l.amount_jpy
    ), posted AS (
      INSERT INTO ledger_transfer (kind, debit_account_id, credit_account_id, amount_jpy, reference_id, posting_date, label)
      SELECT 'credit', from_account.id, c.wallet_account_id, c.amount_jpy, c.claim_id, b.posting_date, b.label
      FROM credited c
      CROSS JOIN (SELECT id FROM ledger_account WHERE kind = 'approved_uncredited' AND holder_id IS NULL) AS from_account
      CROSS JOIN (SELECT posting_date, label FROM credit_batch WHERE id = ${batchId}) AS b
    ), skipped AS (
      UPDATE credit_batch_item i
      SET skip_reason = (CASE WHEN l.held THEN 'under_review' ELSE 'not_approved' END)::skip_reason
      FROM locked l WHERE i.batch_id = ${batchId} AND i.seq = l.seq AND (l.held OR l.status IN ('pending', 'rejected'))
      RETURNING i.amount_jpy
    )
    SELECT (SELECT count(*) FROM chunk) AS "itemCount", EXISTS (SELECT FROM credit_batch_item WHERE batch_id = ${batchId} AND seq > ${toSeq}) AS more,
           count(*) AS "creditedCount", coalesce(sum(amount_jpy), 0)::bigint AS "creditedJpy",
           (SELECT count(*) FROM skipped) AS "skippedCount", (SELECT coalesce(sum(amount_jpy), 0)::bigint FROM skipped) AS "skippedJpy",
           encode(sha256(convert_to(coalesce(string_agg(concat_ws(':', claim_id, wallet_account_id, amount_jpy), E'\n' ORDER BY claim_id), ''), 'UTF8')), 'hex') AS digest
    FROM credited`;
  return row;
}

/**
 * Notes on the active holds of the claims just skipped that a batch has left them out. A statement of its own, because one
 * that was under way when a hold was committed sees its claim held, but not yet the hold. A handful of rows.
 */
export async function markSkippedHoldsMet(tx: Tx, batchId: bigint, fromSeq: bigint, toSeq: bigint): Promise<void> {
  await tx.$executeRaw`
    UPDATE claim_hold h SET met_at = now()
    FROM credit_batch_item i
    WHERE i.batch_id = ${batchId} AND i.seq BETWEEN ${fromSeq} AND ${toSeq} AND i.skip_reason = 'under_review'
      AND h.claim_id = i.claim_id AND h.status = 'active' AND h.met_at IS NULL`;
}
