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
 * two wrong balances cannot make up for each other. Two passes over the transfers and one over the
 * accounts; locks nothing.
 */
export function readTrialBalance(tx: Tx): Promise<TrialBalanceRow[]> {
  return tx.$queryRaw<TrialBalanceRow[]>`
    WITH debits AS (SELECT debit_account_id AS account_id, sum(amount_jpy) AS jpy FROM ledger_transfer GROUP BY debit_account_id),
         credits AS (SELECT credit_account_id AS account_id, sum(amount_jpy) AS jpy FROM ledger_transfer GROUP BY credit_account_id)
    SELECT now() AS "asOf", a.kind, count(*) AS "accountCount",
           coalesce(sum(d.jpy), 0)::bigint AS "debitsJpy", coalesce(sum(c.jpy), 0)::bigint AS "creditsJpy",
           sum(a.balance_jpy)::bigint AS "keptBalanceJpy",
           count(*) FILTER (WHERE a.balance_jpy <> coalesce(c.jpy, 0) - coalesce(d.jpy, 0)) AS "differingAccounts"
    FROM ledger_account a
    LEFT JOIN debits d ON d.account_id = a.id
    LEFT JOIN credits c ON c.account_id = a.id
    GROUP BY a.kind ORDER BY a.kind`;
}
