import type { TestDatabase } from '../harness/database.js';
import { arrangeProgramme, expectedAmountJpy } from '../harness/programme.js';

export type Standing = 'pending' | 'held' | 'approved' | 'approved_held' | 'credited' | 'rejected' | 'below_one_yen';

export interface Position {
  readonly microXem: bigint;
  readonly standing: Standing;
}

const OFF = `off AS (SELECT set_config('session_replication_role', 'replica', false))`;

/**
 * Claims in any standing with the transfers, balances and batch that belong to them. Written as superuser with guards off,
 * because here it only matters whether books that agree are told from books that do not.
 */
export async function arrangeBooks(
  database: TestDatabase,
  positions: readonly Position[],
  fundJpy: bigint,
): Promise<void> {
  await arrangeProgramme(database, { quantitiesMicroXem: positions.map(({ microXem }) => microXem), fundJpy });
  await database.asSuperuser(
    `WITH ${OFF}, wallets AS (INSERT INTO ledger_account (kind, holder_id) SELECT 'customer_wallet', h.id FROM off, holder h ORDER BY h.id RETURNING id, holder_id)
     INSERT INTO claim (holder_id, frozen_balance_id, rate_id, wallet_account_id, quantity_xem, price_jpy_per_xem, rounding_rule, amount_jpy, status, held, version)
     SELECT h.id, b.id, r.id, w.id, b.quantity_xem, r.price_jpy_per_xem, r.rounding_rule, round_jpy(b.quantity_xem * r.price_jpy_per_xem, r.rounding_rule),
            (CASE given.standing WHEN 'held' THEN 'pending' WHEN 'approved_held' THEN 'approved' WHEN 'below_one_yen' THEN 'rejected' ELSE given.standing END)::claim_status,
            given.standing IN ('held', 'approved_held'), 1
     FROM unnest($1::text[]) WITH ORDINALITY AS given (standing, nth)
     JOIN holder h ON h.customer_no = 'C' || nth JOIN frozen_balance b ON b.holder_id = h.id JOIN wallets w ON w.holder_id = h.id, rate r
     ORDER BY nth`,
    [positions.map(({ standing }) => standing)],
  );
  const sum = (...standings: Standing[]) =>
    positions
      .filter(({ standing }) => standings.includes(standing))
      .reduce((total, { microXem }) => total + expectedAmountJpy(microXem), 0n);
  const [approvedJpy, creditedJpy] = [sum('approved', 'approved_held'), sum('credited')];
  const withdrawnJpy = 7n;
  await database.asSuperuser(
    `WITH ${OFF}, reasons AS (
       INSERT INTO claim_decision (claim_id, version, decision, reason_code, decided_by)
       SELECT c.id, 1, 'reject', CASE WHEN c.amount_jpy = 0 THEN 'below_one_yen' ELSE 'not_a_holder' END, s.id FROM off, claim c, staff s WHERE c.status = 'rejected' AND s.login = 'arranger'),
     funded AS (
       INSERT INTO ledger_funding (amount_jpy, bank_reference, value_date, segregated_account, made_by, status)
       SELECT $1::bigint, 'BANK-1', '2018-03-12', 'Segregated', s.id, 'effective' FROM off, staff s WHERE s.login = 'arranger' RETURNING id),
     batch AS (
       INSERT INTO credit_batch (status, label, posting_date, not_before, filter, item_count, total_jpy, control_total_jpy, content_hash, credited_count, credited_jpy, next_seq, made_by)
       SELECT 'completed', 'NEM補償金', '2018-03-12', '2018-03-12', '{}', $4::bigint, $3::bigint, $3::bigint, repeat('a', 64), $4::bigint, $3::bigint, $4::bigint + 1, s.id FROM off, staff s WHERE s.login = 'arranger' AND $4::bigint > 0),
     moved AS (
       INSERT INTO ledger_transfer (kind, debit_account_id, credit_account_id, amount_jpy, reference_id, posting_date, label)
       SELECT given.kind::transfer_kind, debit.id, credit.id, given.amount, given.reference, '2018-03-12', 'test'
       FROM off, (SELECT 'funding', 'own_funds', 'compensation_fund', $1::bigint, id FROM funded
                  UNION ALL SELECT 'approval', 'compensation_fund', 'approved_uncredited', $2::bigint + $3::bigint + $5::bigint, 1
                  UNION ALL SELECT 'approval_withdrawal', 'approved_uncredited', 'compensation_fund', $5::bigint, 1) AS given (kind, from_kind, to_kind, amount, reference)
       JOIN ledger_account debit ON debit.kind = from_kind::account_kind JOIN ledger_account credit ON credit.kind = to_kind::account_kind),
     credited AS (
       INSERT INTO ledger_transfer (kind, debit_account_id, credit_account_id, amount_jpy, reference_id, posting_date, label)
       SELECT 'credit', a.id, c.wallet_account_id, c.amount_jpy, c.id, '2018-03-12', 'NEM補償金' FROM off, claim c, ledger_account a WHERE c.status = 'credited' AND a.kind = 'approved_uncredited')
     UPDATE ledger_account a SET balance_jpy = CASE kind WHEN 'own_funds' THEN -$1::bigint WHEN 'compensation_fund' THEN $1::bigint - $2::bigint - $3::bigint
       WHEN 'approved_uncredited' THEN $2::bigint ELSE coalesce((SELECT c.amount_jpy FROM claim c WHERE c.wallet_account_id = a.id AND c.status = 'credited'), 0) END
     FROM off`,
    [
      fundJpy,
      approvedJpy,
      creditedJpy,
      positions.filter(({ standing }) => standing === 'credited').length,
      withdrawnJpy,
    ].map(String),
  );
}

/** Changes something behind the back of every trigger. */
export async function tamper(database: TestDatabase, statement: string): Promise<void> {
  await database.asSuperuser(`SET session_replication_role = replica; ${statement}`);
}
