import type { Tx } from '../../platform/database/database.js';

/** A transfer between the two programme accounts of the customers' money. */
export interface ProgrammeTransfer {
  /** `approval` assigns money of the fund to approved claims; `approval_withdrawal` gives it back. */
  readonly kind: 'approval' | 'approval_withdrawal';
  /** Above 0. */
  readonly amountJpy: bigint;
  /** The approval run or the claim; opaque to the ledger. */
  readonly referenceId: bigint;
  /** JST day, `YYYY-MM-DD`. */
  readonly postingDate: string;
  readonly label: string;
}

/** Writes one transfer; the database posts both balances, accounts locked in the order of their ids. Answers its id. */
export async function postTransfer(
  tx: Tx,
  { kind, amountJpy, referenceId, postingDate, label }: ProgrammeTransfer,
): Promise<bigint> {
  const [from, to] =
    kind === 'approval' ? ['compensation_fund', 'approved_uncredited'] : ['approved_uncredited', 'compensation_fund'];
  const [row] = await tx.$queryRaw<{ id: bigint }[]>`
    INSERT INTO ledger_transfer (kind, debit_account_id, credit_account_id, amount_jpy, reference_id, posting_date, label)
    SELECT ${kind}::transfer_kind, debit.id, credit.id, ${amountJpy}, ${referenceId}, ${postingDate}::date, ${label}
    FROM ledger_account debit, ledger_account credit
    WHERE debit.kind = ${from}::account_kind AND debit.holder_id IS NULL AND credit.kind = ${to}::account_kind AND credit.holder_id IS NULL
    RETURNING id`;
  if (!row) throw new Error('the programme accounts are missing');
  return row.id;
}
