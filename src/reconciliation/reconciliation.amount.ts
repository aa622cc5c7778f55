import { Decimal } from '../platform/decimal.js';

/** A figure of the programme; `sumJpy` is exact. */
export interface Line<Name extends string> {
  readonly name: Name;
  readonly count: bigint;
  readonly sumJpy: Decimal;
}

/** The five totals, and the fund. */
export type TotalName = 'snapshot' | 'claims' | 'approved' | 'credited' | 'wallets' | 'fund';

/** Every claim is in exactly one of these; `not_opened` are balances that have none yet. */
export type ClaimLineName = 'pending' | 'approved' | 'credited' | 'held' | 'rejected' | 'below_one_yen' | 'not_opened';

export type CheckName =
  | 'claims_are_the_snapshot'
  | 'approvals_are_the_claims'
  | 'approved_account_is_the_claims'
  | 'credits_are_the_claims'
  | 'credits_are_the_batches'
  | 'wallets_are_the_credits'
  | 'fund_is_its_transfers'
  | 'books_balance';

/** Two figures that must be the same. */
export interface Check {
  readonly name: CheckName;
  readonly leftJpy: Decimal;
  readonly rightJpy: Decimal;
  /** Rows that differ one by one, also when the sums agree. */
  readonly differingCount: bigint;
}

export const differenceOf = ({ leftJpy, rightJpy }: Check): Decimal => leftJpy.minus(rightJpy);

export const isBalanced = (check: Check): boolean => differenceOf(check).isZero() && check.differingCount === 0n;

/** How far the programme has come; a state that has no figures yet is no difference. */
export type ProgrammeState =
  'no_sealed_snapshot' | 'no_effective_rate' | 'claims_not_opened' | 'in_progress' | 'settled';

export interface Progress {
  readonly hasSealedSnapshot: boolean;
  readonly hasEffectiveRate: boolean;
  readonly claimCount: bigint;
  /** Balances without a claim, and claims that are neither credited nor rejected nor held. */
  readonly openCount: bigint;
}

export function stateOf({ hasSealedSnapshot, hasEffectiveRate, claimCount, openCount }: Progress): ProgrammeState {
  if (!hasSealedSnapshot) return 'no_sealed_snapshot';
  if (!hasEffectiveRate) return 'no_effective_rate';
  if (claimCount === 0n) return 'claims_not_opened';
  return openCount > 0n ? 'in_progress' : 'settled';
}

export const yen = (amount: bigint): Decimal => new Decimal(amount.toString());
