import type pg from 'pg';

/** What the application's role must not be able to do, whatever was made faster; each is refused by a guard of its own. */
const FORBIDDEN = {
  'a second credit of a claim': `
    INSERT INTO ledger_transfer (kind, debit_account_id, credit_account_id, amount_jpy, reference_id, posting_date, label)
    SELECT kind, debit_account_id, credit_account_id, amount_jpy, reference_id, posting_date, label
    FROM ledger_transfer WHERE kind = 'credit' LIMIT 1`,
  'a credit that no batch has': `
    INSERT INTO ledger_transfer (kind, debit_account_id, credit_account_id, amount_jpy, reference_id, posting_date, label)
    SELECT kind, debit_account_id, credit_account_id, amount_jpy, 999999999, posting_date, label
    FROM ledger_transfer WHERE kind = 'credit' LIMIT 1`,
  'money into an account that is not there': `
    INSERT INTO ledger_transfer (kind, debit_account_id, credit_account_id, amount_jpy, reference_id, posting_date, label)
    SELECT 'approval', debit_account_id, 999999999, 1, 1, posting_date, label FROM ledger_transfer LIMIT 1`,
  'a balance written by hand': `UPDATE ledger_account SET balance_jpy = balance_jpy + 1 WHERE kind = 'customer_wallet'`,
  'a transfer rewritten': 'UPDATE ledger_transfer SET amount_jpy = amount_jpy + 1',
  'a transfer removed': 'DELETE FROM ledger_transfer',
  'a credited claim taken back': `
    UPDATE claim SET status = 'approved', version = version + 1 WHERE id = (SELECT min(id) FROM claim WHERE status = 'credited')`,
  'a claim credited without a transfer': `
    UPDATE claim SET status = 'credited', version = version + 1 WHERE id = (SELECT min(id) FROM claim WHERE status <> 'credited')`,
  'a claim’s amount changed': 'UPDATE claim SET amount_jpy = amount_jpy + 1',
  'a second claim for a balance': `
    INSERT INTO claim (holder_id, frozen_balance_id, rate_id, wallet_account_id, quantity_xem, price_jpy_per_xem, rounding_rule, amount_jpy)
    SELECT holder_id, frozen_balance_id, rate_id, wallet_account_id, quantity_xem, price_jpy_per_xem, rounding_rule, amount_jpy FROM claim LIMIT 1`,
  'a sealed balance changed': 'UPDATE frozen_balance SET quantity_xem = quantity_xem + 1',
  'a balance added to a sealed snapshot': `
    INSERT INTO frozen_balance (snapshot_id, holder_id, line_no, quantity_xem) SELECT snapshot_id, holder_id, 0, 1 FROM frozen_balance LIMIT 1`,
  'an audit event removed': 'DELETE FROM audit_event',
  'a batch’s counter written by hand': 'UPDATE credit_batch SET credited_count = 0',
  'a trigger switched off': 'ALTER TABLE ledger_transfer DISABLE TRIGGER ALL',
} as const;

/** A privilege that is missing, a guard of ours, or a constraint; any other error tells nothing about guards. */
const REFUSALS: ReadonlySet<string> = new Set(['42501', 'HK001', '23502', '23503', '23505', '23514']);

/** Tries each of them as the application's role. Errors: when one of them is not refused, or fails for another reason. */
export async function assertGuarded(superuser: pg.Client): Promise<void> {
  for (const [what, statement] of Object.entries(FORBIDDEN)) {
    await superuser.query('BEGIN');
    try {
      await superuser.query('SET LOCAL ROLE henkin_app');
      const { rowCount } = await superuser.query(statement);
      if (rowCount !== 0 || /^\s*ALTER/.test(statement)) throw new Unguarded(what);
    } catch (error) {
      if (!REFUSALS.has((error as { code?: string }).code ?? '')) throw error;
    } finally {
      await superuser.query('ROLLBACK');
    }
  }
}

class Unguarded extends Error {
  constructor(what: string) {
    super(`A guard is asleep, so nothing that was measured counts: ${what} was not refused.`);
  }
}
