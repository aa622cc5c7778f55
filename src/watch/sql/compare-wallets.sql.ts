import type pg from 'pg';
import type { Finding } from '../finding.js';
import { newFindings } from './new-findings.sql.js';
import { amongRows, type Rows } from './rows.sql.js';

/** Does each of these wallets hold what was transferred to it, and no more? Each wallet's transfers are found by their index. */
export function compareWallets(client: pg.ClientBase, { fresh, slice }: Rows): Promise<Finding[]> {
  return newFindings(client, COMPARISON, [fresh, slice]);
}

/** The same difference of the same wallet is told once, whatever is credited to it rightly afterwards. */
const COMPARISON = `
  SELECT 'wallet_differs', format('wallet:%s:%s', w.id, to_char(w.balance_jpy - received.jpy, 'FMSG999999999999999999')),
         jsonb_build_object('walletAccountId', w.id::text, 'balanceJpy', w.balance_jpy::text, 'receivedJpy', received.jpy::text)
  FROM ledger_account w
  CROSS JOIN LATERAL (
    SELECT coalesce(sum(t.amount_jpy), 0)::bigint AS jpy FROM ledger_transfer t WHERE t.kind = 'credit' AND t.credit_account_id = w.id
  ) AS received
  WHERE ${amongRows('w')} AND w.holder_id IS NOT NULL AND w.balance_jpy <> received.jpy`;
