import type pg from 'pg';
import type { Totals } from '../totals.amount.js';

/** What all claims, wallets and credits hold, in the instant of the round. One pass over each table; locks nothing. */
export async function readTotals(client: pg.ClientBase): Promise<Totals> {
  const { rows } = await client.query<Record<keyof Totals, string>>(TOTALS);
  const [row] = rows;
  if (!row) throw new Error('sums have always one row');
  return {
    approvedClaimsJpy: BigInt(row.approvedClaimsJpy),
    creditedClaimsCount: BigInt(row.creditedClaimsCount),
    creditedClaimsJpy: BigInt(row.creditedClaimsJpy),
    walletsJpy: BigInt(row.walletsJpy),
    creditsCount: BigInt(row.creditsCount),
    creditsJpy: BigInt(row.creditsJpy),
  };
}

const TOTALS = `
  SELECT claims.approved AS "approvedClaimsJpy", claims.count AS "creditedClaimsCount", claims.credited AS "creditedClaimsJpy",
         wallets.jpy AS "walletsJpy", credits.count AS "creditsCount", credits.jpy AS "creditsJpy"
  FROM (SELECT coalesce(sum(amount_jpy) FILTER (WHERE status = 'approved'), 0) AS approved,
               coalesce(sum(amount_jpy) FILTER (WHERE status = 'credited'), 0) AS credited,
               count(*) FILTER (WHERE status = 'credited') AS count FROM claim) AS claims,
       (SELECT coalesce(sum(balance_jpy), 0) AS jpy FROM ledger_account WHERE holder_id IS NOT NULL) AS wallets,
       (SELECT count(*) AS count, coalesce(sum(amount_jpy), 0) AS jpy FROM ledger_transfer WHERE kind = 'credit') AS credits`;
