import type pg from 'pg';
import type { Finding } from '../finding.js';
import { newFindings } from './new-findings.sql.js';
import { amongRows, type Rows } from './rows.sql.js';

/**
 * Is each claim in its state for a reason: credited with its transfer and not otherwise, approved, rejected, withdrawn or reopened with its
 * decision? Transfer and decision are found by their keys.
 */
export function compareClaims(client: pg.ClientBase, { fresh, slice }: Rows): Promise<Finding[]> {
  return newFindings(client, COMPARISON, [fresh, slice]);
}

const COMPARISON = `
  SELECT astray.kind, format('claim:%s:%s', c.id, c.version),
         jsonb_build_object('claimId', c.id::text, 'status', c.status, 'version', c.version, 'amountJpy', c.amount_jpy::text)
  FROM claim c
  CROSS JOIN LATERAL (SELECT CASE
    WHEN c.status = 'credited' AND (
        SELECT t.amount_jpy = c.amount_jpy AND t.credit_account_id = c.wallet_account_id
        FROM ledger_transfer t WHERE t.kind = 'credit' AND t.reference_id = c.id LIMIT 1) IS NOT TRUE
      THEN 'claim_credited_without_transfer'
    WHEN c.status <> 'credited' AND EXISTS (SELECT FROM ledger_transfer t WHERE t.kind = 'credit' AND t.reference_id = c.id)
      THEN 'credit_without_credited_claim'
    WHEN (c.status, coalesce((
        SELECT d.decision::text FROM claim_decision d
        WHERE d.claim_id = c.id AND d.version = c.version - (c.status = 'credited')::integer LIMIT 1), CASE c.version WHEN 0 THEN 'opened' ELSE 'nothing' END))
        NOT IN (('pending', 'opened'), ('pending', 'withdraw'), ('pending', 'reopen'), ('approved', 'approve'), ('credited', 'approve'), ('rejected', 'reject'))
      THEN 'claim_without_decision'
  END AS kind) AS astray
  WHERE ${amongRows('c')} AND astray.kind IS NOT NULL`;
