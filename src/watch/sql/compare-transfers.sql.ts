import type pg from 'pg';
import type { Finding } from '../finding.js';
import { newFindings } from './new-findings.sql.js';
import { amongRows, type Rows } from './rows.sql.js';

/**
 * Does each of these transfers belong to what people approved? A credit belongs to the one live item
 * of its claim, in a batch that was approved and has come past it, with the amount and the wallet of item and claim, the
 * posting date and label of the batch, and once; a funding to its approved funding, an approval to its run or decision.
 *
 * Every row is looked up by its key (LATERAL … LIMIT 1): joins would read all claims and items for each round.
 */
export function compareTransfers(client: pg.ClientBase, { fresh, slice }: Rows): Promise<Finding[]> {
  return newFindings(client, COMPARISON, [fresh, slice]);
}

const COMPARISON = `
  WITH programme AS MATERIALIZED (
    SELECT id, kind FROM ledger_account WHERE holder_id IS NULL
  ), batch AS MATERIALIZED (
    SELECT id, label, posting_date, next_seq,
           status IN ('executing', 'paused', 'completed', 'stopped') AND is_approved('credit_batch', id::text, content_hash) AS approved
    FROM credit_batch
  )
  SELECT astray.kind, 'transfer:' || t.id,
         jsonb_build_object('transferId', t.id::text, 'transferKind', t.kind, 'referenceId', t.reference_id::text, 'amountJpy', t.amount_jpy::text,
           'creditAccountId', t.credit_account_id::text, 'batchId', item.batch_id::text)
  FROM ledger_transfer t
  LEFT JOIN programme debit ON debit.id = t.debit_account_id
  LEFT JOIN programme credit ON credit.id = t.credit_account_id
  LEFT JOIN LATERAL (
    SELECT i.batch_id, i.seq, i.amount_jpy, i.wallet_account_id FROM credit_batch_item i
    WHERE t.kind = 'credit' AND i.claim_id = t.reference_id AND i.skip_reason IS NULL LIMIT 1
  ) AS item ON true
  LEFT JOIN LATERAL (
    SELECT c.id, c.status, c.amount_jpy, c.wallet_account_id FROM claim c WHERE t.kind <> 'funding' AND c.id = t.reference_id LIMIT 1
  ) AS claim ON true
  LEFT JOIN batch ON batch.id = item.batch_id
  CROSS JOIN LATERAL (SELECT CASE
    WHEN t.kind = 'credit' THEN CASE
      WHEN item.batch_id IS NULL THEN 'credit_without_item'
      WHEN batch.approved IS NOT TRUE THEN 'credit_without_approved_batch'
      WHEN (t.amount_jpy, t.amount_jpy, t.credit_account_id, t.credit_account_id, t.posting_date, t.label, debit.kind)
           IS DISTINCT FROM
           (item.amount_jpy, claim.amount_jpy, item.wallet_account_id, claim.wallet_account_id, batch.posting_date, batch.label, 'approved_uncredited')
        THEN 'credit_differs_from_item'
      WHEN item.seq >= batch.next_seq THEN 'credit_ahead_of_batch'
      WHEN claim.status <> 'credited' THEN 'credit_without_credited_claim'
      WHEN (SELECT count(*) FROM ledger_transfer twin WHERE twin.kind = 'credit' AND twin.reference_id = t.reference_id) > 1 THEN 'credited_twice'
    END
    WHEN (t.kind = 'funding' AND debit.kind = 'own_funds' AND credit.kind = 'compensation_fund' AND EXISTS (
            SELECT FROM ledger_funding f WHERE f.id = t.reference_id AND f.status = 'effective' AND f.amount_jpy = t.amount_jpy
              AND is_approved('funding', f.id::text, funding_content_hash(f))))
      OR (t.kind = 'approval' AND debit.kind = 'compensation_fund' AND credit.kind = 'approved_uncredited' AND (
            EXISTS (SELECT FROM approval_run r WHERE r.id = t.reference_id AND r.status = 'effective' AND r.total_jpy >= t.amount_jpy)
            OR (claim.amount_jpy = t.amount_jpy AND EXISTS (
                  SELECT FROM claim_decision d WHERE d.claim_id = claim.id AND d.decision = 'approve' AND d.approval_run_id IS NULL))))
      OR (t.kind = 'approval_withdrawal' AND debit.kind = 'approved_uncredited' AND credit.kind = 'compensation_fund'
          AND claim.amount_jpy = t.amount_jpy AND EXISTS (
            SELECT FROM claim_decision d WHERE d.claim_id = claim.id AND d.decision = 'withdraw'))
      THEN NULL
    ELSE 'transfer_without_approval'
  END AS kind) AS astray
  WHERE ${amongRows('t')} AND astray.kind IS NOT NULL`;
