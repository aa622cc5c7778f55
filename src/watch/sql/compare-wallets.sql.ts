import type pg from 'pg';
import type { Finding } from '../finding.js';
import { newFindings } from './new-findings.sql.js';
import { AMONG_ROWS, type Rows } from './pick-rows.sql.js';

/** Does each wallet hold what was transferred to it, and no more? Asked of these wallets, and of those that the new transfers went to. */
export function compareWallets(
  client: pg.ClientBase,
  { fresh, slice }: Rows,
  transfers: Pick<Rows, 'fresh'>,
): Promise<Finding[]> {
  return newFindings(client, COMPARISON, [fresh, slice, transfers.fresh]);
}

/** The same difference of the same wallet is told once, whatever is credited to it rightly afterwards. */
const COMPARISON = `
  SELECT 'wallet_differs', format('wallet:%s:%s', received.id, to_char(received.balance_jpy - received.jpy, 'FMSG999999999999999999')),
         jsonb_build_object('walletAccountId', received.id::text, 'balanceJpy', received.balance_jpy::text, 'receivedJpy', received.jpy::text)
  FROM (
    SELECT wallet.id, wallet.balance_jpy, coalesce(sum(t.amount_jpy), 0)::bigint AS jpy
    FROM (
      SELECT id FROM ${AMONG_ROWS}
      UNION
      SELECT t.credit_account_id FROM unnest($3::bigint[]) AS among (id) JOIN ledger_transfer t ON t.id = among.id AND t.kind = 'credit'
    ) AS asked
    JOIN ledger_account wallet ON wallet.id = asked.id AND wallet.holder_id IS NOT NULL
    LEFT JOIN ledger_transfer t ON t.kind = 'credit' AND t.credit_account_id = wallet.id
    GROUP BY wallet.id
  ) AS received
  WHERE received.balance_jpy <> received.jpy`;
