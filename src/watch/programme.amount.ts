import type { Finding } from './finding.js';

/** What transfers add up to, by their kind. */
export interface Sums {
  readonly fundedJpy: bigint;
  readonly approvedJpy: bigint;
  readonly withdrawnJpy: bigint;
  readonly creditedJpy: bigint;
  readonly creditedCount: bigint;
}

export function plus(a: Sums, b: Sums): Sums {
  return {
    fundedJpy: a.fundedJpy + b.fundedJpy,
    approvedJpy: a.approvedJpy + b.approvedJpy,
    withdrawnJpy: a.withdrawnJpy + b.withdrawnJpy,
    creditedJpy: a.creditedJpy + b.creditedJpy,
    creditedCount: a.creditedCount + b.creditedCount,
  };
}

/** Money is moved and never made: each programme account holds exactly what the transfers have left there. */
export function programmeDifferences(
  sums: Sums,
  balances: { ownFundsJpy: bigint; compensationFundJpy: bigint; approvedUncreditedJpy: bigint },
): Finding[] {
  const { fundedJpy, approvedJpy, withdrawnJpy, creditedJpy } = sums;
  const accounts = [
    ['own_funds', balances.ownFundsJpy, -fundedJpy],
    ['compensation_fund', balances.compensationFundJpy, fundedJpy - approvedJpy + withdrawnJpy],
    ['approved_uncredited', balances.approvedUncreditedJpy, approvedJpy - withdrawnJpy - creditedJpy],
  ] as const;
  return accounts
    .filter(([, balanceJpy, movedJpy]) => balanceJpy !== movedJpy)
    .map(([account, balanceJpy, movedJpy]) => ({
      kind: 'programme_account_differs',
      subject: `account:${account}:${balanceJpy - movedJpy}`,
      evidence: { account, balanceJpy: balanceJpy.toString(), movedJpy: movedJpy.toString() },
    }));
}
