import type { Tx } from '../../platform/database/database.js';
import type { AccountKind } from '../../platform/database/prisma.js';

export interface AccountTotal {
  readonly kind: AccountKind;
  readonly accountCount: bigint;
  readonly balanceJpy: bigint;
}

/** Number of accounts and sum of kept balances by kind, in the order in which money flows. Locks nothing. */
export function readAccountTotals(tx: Tx): Promise<AccountTotal[]> {
  return tx.$queryRaw<AccountTotal[]>`
    SELECT kind, count(*) AS "accountCount", sum(balance_jpy)::bigint AS "balanceJpy" FROM ledger_account GROUP BY kind ORDER BY kind`;
}

export interface ProgrammeBalances {
  /** Zero or below: what the company contributed, as a contra account. */
  readonly ownFundsJpy: bigint;
  readonly compensationFundJpy: bigint;
  readonly approvedUncreditedJpy: bigint;
}

interface BalanceRow {
  readonly kind: AccountKind;
  readonly balance_jpy: bigint;
}

/** The programme accounts as they are at this instant. Locks nothing. */
export async function readProgrammeBalances(tx: Tx): Promise<ProgrammeBalances> {
  return balancesOf(
    await tx.$queryRaw<BalanceRow[]>`SELECT kind, balance_jpy FROM ledger_account WHERE holder_id IS NULL`,
  );
}

/** The programme accounts, held still until the end of the transaction: whoever posts to one of them waits. */
export async function lockProgrammeBalances(tx: Tx): Promise<ProgrammeBalances> {
  return balancesOf(await tx.$queryRaw<BalanceRow[]>`SELECT kind, balance_jpy FROM lock_programme_accounts()`);
}

function balancesOf(rows: readonly BalanceRow[]): ProgrammeBalances {
  const balanceOf = (kind: AccountKind): bigint => rows.find((row) => row.kind === kind)?.balance_jpy ?? 0n;
  return {
    ownFundsJpy: balanceOf('own_funds'),
    compensationFundJpy: balanceOf('compensation_fund'),
    approvedUncreditedJpy: balanceOf('approved_uncredited'),
  };
}
