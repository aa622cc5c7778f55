import type pg from 'pg';
import type { Finding } from '../finding.js';
import { newFindings } from './new-findings.sql.js';
import { amongRows, type Rows } from './rows.sql.js';

/**
 * Does each wallet hold what was transferred to it, and no more? Asked of these wallets, and of those that the new transfers
 * went to. Each wallet's transfers are found by their index.
 */
export function compareWallets(
  client: pg.ClientBase,
  { fresh, slice }: Rows,
  transfers: Pick<Rows, 'fresh'>,
): Promise<Finding[]> {
  return newFindings(client, COMPARISON, [fresh, slice, transfers.fresh]);
}

/** The same difference of the same wallet is told once, whatever is credited to it rightly afterwards. */
const COMPARISON = `
  WITH wallet AS MATERIALIZED (
    SELECT w.id FROM ledger_account w WHERE ${amongRows('w')} AND w.holder_id IS NOT NULL
    UNION
    SELECT t.credit_account_id FROM unnest($3::bigint[]) AS among (id)
    CROSS JOIN LATERAL (SELECT credit_account_id FROM ledger_transfer t WHERE t.id = among.id AND t.kind = 'credit' LIMIT 1) AS t
  )
  SELECT 'wallet_differs', format('wallet:%s:%s', wallet.id, to_char(account.balance_jpy - received.jpy, 'FMSG999999999999999999')),
         jsonb_build_object('walletAccountId', wallet.id::text, 'balanceJpy', account.balance_jpy::text, 'receivedJpy', received.jpy::text)
  FROM wallet
  CROSS JOIN LATERAL (SELECT a.balance_jpy FROM ledger_account a WHERE a.id = wallet.id LIMIT 1) AS account
  CROSS JOIN LATERAL (
    SELECT coalesce(sum(t.amount_jpy), 0)::bigint AS jpy FROM ledger_transfer t WHERE t.kind = 'credit' AND t.credit_account_id = wallet.id
  ) AS received
  WHERE account.balance_jpy <> received.jpy`;
