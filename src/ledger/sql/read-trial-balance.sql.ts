import type { Tx } from '../../platform/database/database.js';
import type { AccountKind } from '../../platform/database/prisma.js';

export interface TrialBalanceRow {
  readonly asOf: Date;
  readonly kind: AccountKind;
  readonly accountCount: bigint;
  readonly debitsJpy: bigint;
  readonly creditsJpy: bigint;
  readonly keptBalanceJpy: bigint;
  /** Accounts whose kept balance is not the sum over their transfers. */
  readonly differingAccounts: bigint;
}

/**
 * The trial balance from the transfers, beside the balances kept on the accounts; compared account by account, so that
 * two wrong balances cannot make up for each other. One pass over all transfers and accounts; locks nothing.
 */
export function readTrialBalance(tx: Tx): Promise<TrialBalanceRow[]> {
  return tx.$queryRaw<TrialBalanceRow[]>`
    WITH moved AS (
      SELECT account_id, sum(debit) AS debits, sum(credit) AS credits
      FROM (SELECT debit_account_id AS account_id, sum(amount_jpy) AS debit, 0 AS credit FROM ledger_transfer GROUP BY debit_account_id
            UNION ALL
            SELECT credit_account_id, 0, sum(amount_jpy) FROM ledger_transfer GROUP BY credit_account_id) AS side
      GROUP BY account_id
    )
    SELECT now() AS "asOf", a.kind, count(*) AS "accountCount",
           coalesce(sum(m.debits), 0)::bigint AS "debitsJpy", coalesce(sum(m.credits), 0)::bigint AS "creditsJpy",
           sum(a.balance_jpy)::bigint AS "keptBalanceJpy",
           count(*) FILTER (WHERE a.balance_jpy <> coalesce(m.credits - m.debits, 0)) AS "differingAccounts"
    FROM ledger_account a LEFT JOIN moved m ON m.account_id = a.id
    GROUP BY a.kind ORDER BY a.kind`;
}
