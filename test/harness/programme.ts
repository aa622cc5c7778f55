import type { TestDatabase } from './database.js';
import { CANARY } from './leaks.js';

/** A price with three decimals, as announced in the reference case. */
export const PRICE_MILLI_YEN = 88_549n;

export interface ProgrammePlan {
  /** One holder per quantity, in millionths of a XEM; customer numbers are C1, C2, … */
  readonly quantitiesMicroXem: readonly bigint[];
  readonly fundJpy: bigint;
  /** Customer numbers whose account is closed. */
  readonly closed?: readonly string[];
}

/**
 * A programme that stands ready for opening claims: sealed base, effective rate, money in the fund. Written as superuser
 * with guards off, because how one gets there is tested elsewhere. Its people are canaries: no test may find them in a log.
 */
export async function arrangeProgramme(database: TestDatabase, plan: ProgrammePlan): Promise<void> {
  const quantities = plan.quantitiesMicroXem.map(
    (micro) => `${micro / 1_000_000n}.${(micro % 1_000_000n).toString().padStart(6, '0')}`,
  );
  const { name, kana, phone, birthDate } = CANARY;
  await database.asSuperuser(
    `WITH off AS (SELECT set_config('session_replication_role', 'replica', false)),
     uploader AS (INSERT INTO staff (login, display_name, role) SELECT 'arranger', 'Arranger', 'finance_maker' FROM off RETURNING id),
     people AS (
       INSERT INTO holder (customer_no, kind, name, name_kana, phone, birth_date, country, language, account_status, identity_status)
       SELECT 'C' || n, 'individual', $5, $6, $7, $8::date, 'JP', 'ja', (CASE WHEN 'C' || n = ANY ($2) THEN 'closed' ELSE 'open' END)::account_status, 'none'
       FROM off, generate_series(1, cardinality($1::numeric[])) AS n RETURNING id, customer_no),
     base AS (
       INSERT INTO snapshot (kind, status, as_of, charset, file_sha256, file_bytes, declared_count, declared_total_xem, row_count, payable_count,
         payable_total_xem, excluded_count, excluded_total_xem, error_count, rows_digest, content_hash, uploaded_by, sealed_at)
       SELECT 'base', 'sealed', '2018-01-26T23:59:59+09:00', 'utf-8', repeat('a', 64), 1, cardinality($1), total, cardinality($1), cardinality($1), total, 0, 0, 0,
         repeat('b', 64), repeat('c', 64), uploader.id, now()
       FROM uploader, (SELECT sum(q) AS total FROM unnest($1::numeric[]) AS q) AS sums RETURNING id),
     balances AS (
       INSERT INTO frozen_balance (snapshot_id, holder_id, line_no, quantity_xem)
       SELECT base.id, people.id, nth + 1, quantity
       FROM base, people JOIN unnest($1::numeric[]) WITH ORDINALITY AS given (quantity, nth) ON customer_no = 'C' || nth),
     wording AS (INSERT INTO legal_wording (ja, en) SELECT '補償', 'compensation' FROM off RETURNING version),
     price AS (
       INSERT INTO rate (price_jpy_per_xem, method, window_start, window_end, rounding_rule, source_text, wording_version, status, proposed_by, effective_at)
       SELECT $3::numeric / 1000, 'VWAP', '2018-01-26T12:09:00+09:00', '2018-01-27T23:00:00+09:00', 'half_up', 'notice', version, 'effective', uploader.id, now()
       FROM wording, uploader)
     UPDATE ledger_account SET balance_jpy = CASE kind WHEN 'own_funds' THEN -$4::bigint WHEN 'compensation_fund' THEN $4::bigint ELSE 0 END
     FROM off WHERE holder_id IS NULL`,
    [quantities, plan.closed ?? [], PRICE_MILLI_YEN.toString(), plan.fundJpy.toString(), name, kana, phone, birthDate],
  );
}

/** What a claim of this quantity must be worth, half up, computed without the program. */
export function expectedAmountJpy(microXem: bigint): bigint {
  const billionths = microXem * PRICE_MILLI_YEN;
  return (billionths + 500_000_000n) / 1_000_000_000n;
}
