import type { Tx } from '../../platform/database/database.js';

/**
 * Makes one funding effective and posts it, in one statement: the database accepts neither half without the other.
 * Locks the funding, then own_funds and compensation_fund while posting. Answers the id of the transfer, or null when
 * the funding is no longer proposed.
 */
export async function postFunding(tx: Tx, fundingId: bigint): Promise<bigint | null> {
  const [row] = await tx.$queryRaw<{ id: bigint }[]>`
    WITH effective AS (
      UPDATE ledger_funding SET status = 'effective' WHERE id = ${fundingId} AND status = 'proposed'
      RETURNING id, amount_jpy, value_date, bank_reference
    )
    INSERT INTO ledger_transfer (kind, debit_account_id, credit_account_id, amount_jpy, reference_id, posting_date, label)
    SELECT 'funding', own.id, fund.id, f.amount_jpy, f.id, f.value_date, f.bank_reference
    FROM effective f
    JOIN ledger_account own ON own.kind = 'own_funds' AND own.holder_id IS NULL
    JOIN ledger_account fund ON fund.kind = 'compensation_fund' AND fund.holder_id IS NULL
    RETURNING id`;
  return row?.id ?? null;
}
