import type { Tx } from '../../platform/database/database.js';

export interface CreditComparison {
  readonly creditCount: bigint;
  readonly creditsJpy: bigint;
  /** Credited claims without their transfer, transfers without their claim, and pairs with another amount or wallet. */
  readonly differingCount: bigint;
}

/** Transfer by transfer against the claims that say they are credited. One pass over both; locks nothing. */
export async function compareCreditsWithClaims(tx: Tx): Promise<CreditComparison> {
  const [row] = await tx.$queryRaw<CreditComparison[]>`
    SELECT count(t.id) AS "creditCount", coalesce(sum(t.amount_jpy), 0)::bigint AS "creditsJpy",
           count(*) FILTER (WHERE (t.amount_jpy, t.credit_account_id) IS DISTINCT FROM (c.amount_jpy, c.wallet_account_id)) AS "differingCount"
    FROM (SELECT id, reference_id, amount_jpy, credit_account_id FROM ledger_transfer WHERE kind = 'credit') AS t
    FULL JOIN (SELECT id, amount_jpy, wallet_account_id FROM claim WHERE status = 'credited') AS c ON c.id = t.reference_id`;
  return row ?? { creditCount: 0n, creditsJpy: 0n, differingCount: 0n };
}
