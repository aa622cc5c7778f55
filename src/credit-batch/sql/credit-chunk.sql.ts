import type { Tx } from '../../platform/database/database.js';

export interface CreditedChunk {
  /** Live items of this chunk: each is credited, or is left and has to be skipped. */
  readonly itemCount: bigint;
  readonly creditedCount: bigint;
  readonly creditedJpy: bigint;
  /** SHA-256 over `claim id:wallet account id:amount` of the credited items, one per line, in the order of claim ids. */
  readonly digest: string;
}

/**
 * Credits the items of a batch from `fromSeq` up to and including `toSeq` whose claims are approved and not held: transfers
 * and claims in one statement, however many they are. Balances and the batch's counters are posted by the triggers of the
 * same statement.
 *
 * Locks the claims as it changes them, in the order of items, which is that of claim ids, as approvals do. A hold that
 * arrives meanwhile is waited for and its claim then left out, or it waits until the claim is credited. The batch is locked by
 * the triggers, at the end, so that the chunks of a batch wait for each other only there. The ranges, of positions and of claim ids, let items and claims be found by one walk of their index each,
 * whatever the statistics say about tables that have just been filled.
 */
export async function creditChunk(tx: Tx, batchId: bigint, fromSeq: bigint, toSeq: bigint): Promise<CreditedChunk> {
  const [row] = await tx.$queryRaw<[CreditedChunk]>`
    WITH chunk AS MATERIALIZED (
      SELECT claim_id, wallet_account_id, amount_jpy FROM credit_batch_item
      WHERE batch_id = ${batchId} AND seq BETWEEN ${fromSeq} AND ${toSeq} AND skip_reason IS NULL
      ORDER BY seq
    ), span AS MATERIALIZED (
      SELECT min(claim_id) AS low, max(claim_id) AS high FROM chunk
    ), credited AS (
      UPDATE claim c SET status = 'credited', version = c.version + 1
      FROM chunk k
      WHERE c.id = k.claim_id AND c.id BETWEEN (SELECT low FROM span) AND (SELECT high FROM span) AND c.status = 'approved' AND NOT c.held
      RETURNING k.claim_id, k.wallet_account_id, k.amount_jpy
    ), posted AS (
      INSERT INTO ledger_transfer (kind, debit_account_id, credit_account_id, amount_jpy, reference_id, posting_date, label)
      SELECT 'credit', (SELECT id FROM ledger_account WHERE kind = 'approved_uncredited' AND holder_id IS NULL), wallet_account_id, amount_jpy, claim_id,
             (SELECT posting_date FROM credit_batch WHERE id = ${batchId}), (SELECT label FROM credit_batch WHERE id = ${batchId})
      FROM credited
    )
    SELECT (SELECT count(*) FROM chunk) AS "itemCount", 
           count(*) AS "creditedCount", coalesce(sum(amount_jpy), 0)::bigint AS "creditedJpy",
           encode(sha256(convert_to(coalesce(string_agg(concat_ws(':', claim_id, wallet_account_id, amount_jpy), E'\n' ORDER BY claim_id), ''), 'UTF8')), 'hex') AS digest
    FROM credited`;
  return row;
}

export interface SkippedItems {
  readonly skippedCount: bigint;
  readonly skippedJpy: bigint;
  /** Items that could be credited after all, because a hold ended just now. */
  readonly creditableCount: bigint;
}

/**
 * Skips the items that `creditChunk` has left, each for the state in which its claim is once it is locked; in the order of
 * claim ids. A handful of rows.
 */
export async function skipRestOfChunk(tx: Tx, batchId: bigint, fromSeq: bigint, toSeq: bigint): Promise<SkippedItems> {
  const [row] = await tx.$queryRaw<[SkippedItems]>`
    WITH rest AS MATERIALIZED (
      SELECT i.seq, c.status, c.held
      FROM credit_batch_item i JOIN claim c ON c.id = i.claim_id
      WHERE i.batch_id = ${batchId} AND i.seq BETWEEN ${fromSeq} AND ${toSeq} AND i.skip_reason IS NULL AND c.status <> 'credited'
      ORDER BY c.id FOR NO KEY UPDATE OF c
    ), skipped AS (
      UPDATE credit_batch_item i
      SET skip_reason = (CASE WHEN r.held THEN 'under_review' ELSE 'not_approved' END)::skip_reason
      FROM rest r WHERE i.batch_id = ${batchId} AND i.seq = r.seq AND (r.held OR r.status IN ('pending', 'rejected'))
      RETURNING i.amount_jpy
    )
    SELECT count(*) AS "skippedCount", coalesce(sum(amount_jpy), 0)::bigint AS "skippedJpy",
           (SELECT count(*) FROM rest WHERE status = 'approved' AND NOT held) AS "creditableCount"
    FROM skipped`;
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
