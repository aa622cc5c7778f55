import type pg from 'pg';

/**
 * The same tables with the same columns, indexes and CHECKs, and neither triggers nor foreign keys; with the same free half of
 * each page, so that approving touches no index.
 */
const CREATE = `
  DROP SCHEMA IF EXISTS beside_claims CASCADE;
  CREATE SCHEMA beside_claims;
  CREATE TABLE beside_claims.ledger_account (LIKE ledger_account INCLUDING ALL) WITH (fillfactor = 50);
  CREATE TABLE beside_claims.ledger_transfer (LIKE ledger_transfer INCLUDING ALL);
  CREATE TABLE beside_claims.claim (LIKE claim INCLUDING ALL) WITH (fillfactor = 50);
  CREATE TABLE beside_claims.claim_decision (LIKE claim_decision INCLUDING ALL);
  INSERT INTO beside_claims.ledger_account (kind, balance_jpy) VALUES ('own_funds', -9e15::bigint), ('compensation_fund', 9e15::bigint), ('approved_uncredited', 0)`;

const OPEN = `
  BEGIN;
  INSERT INTO beside_claims.ledger_account (kind, holder_id)
  SELECT 'customer_wallet', holder_id FROM frozen_balance WHERE excluded_reason IS NULL ORDER BY holder_id;
  INSERT INTO beside_claims.claim (holder_id, frozen_balance_id, rate_id, wallet_account_id, quantity_xem, price_jpy_per_xem, rounding_rule, amount_jpy)
  SELECT b.holder_id, b.id, r.id, w.id, b.quantity_xem, r.price_jpy_per_xem, r.rounding_rule, round_jpy(b.quantity_xem * r.price_jpy_per_xem, r.rounding_rule)
  FROM frozen_balance b JOIN beside_claims.ledger_account w ON w.holder_id = b.holder_id CROSS JOIN (SELECT * FROM rate WHERE status = 'effective') r
  WHERE b.excluded_reason IS NULL ORDER BY b.id;
  COMMIT`;

const APPROVE = `
  BEGIN;
  UPDATE beside_claims.claim SET version = version + 1, status = (CASE WHEN amount_jpy = 0 THEN 'rejected' ELSE 'approved' END)::claim_status
  WHERE status = 'pending' AND NOT held;
  INSERT INTO beside_claims.claim_decision (claim_id, version, decision, reason_code, decided_by, approval_run_id)
  SELECT id, version, (CASE status WHEN 'rejected' THEN 'reject' ELSE 'approve' END)::claim_verdict, 'balance_confirmed', '00000000-0000-0000-0000-000000000001', 1
  FROM beside_claims.claim;
  WITH moved AS (
    INSERT INTO beside_claims.ledger_transfer (kind, debit_account_id, credit_account_id, amount_jpy, reference_id, posting_date, label)
    SELECT 'approval', 2, 3, sum(amount_jpy), 1, current_date, 'approval' FROM beside_claims.claim WHERE status = 'approved' RETURNING amount_jpy)
  UPDATE beside_claims.ledger_account a SET balance_jpy = balance_jpy + CASE id WHEN 2 THEN -amount_jpy ELSE amount_jpy END FROM moved WHERE id IN (2, 3);
  COMMIT`;

export async function prepareClaims(sql: pg.Client): Promise<void> {
  await sql.query(CREATE);
}

export async function openBare(sql: pg.Client): Promise<void> {
  await sql.query(OPEN);
}

export async function approveBare(sql: pg.Client): Promise<void> {
  await sql.query(APPROVE);
}
