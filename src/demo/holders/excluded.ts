import type { Random } from './random.js';

/** Why a row of the export is not paid; the words are those of the exclusion list. */
export type ExclusionReason = 'company_owned' | 'test' | 'zero' | 'negative';

export interface ExcludedBalance {
  readonly reason: ExclusionReason;
  readonly text: string;
  /** Micro-XEM; zero or negative as the reason says. */
  readonly quantity: bigint;
}

/** Balances that a real export has beside the customers': the exchange's own, its test accounts, empty and overdrawn ones. */
export function drawExcludedBalances(random: Random, payableCount: number): ExcludedBalance[] {
  const many = (count: number, make: () => ExcludedBalance) => Array.from({ length: count }, make);
  const micro = (fromXem: number, toXem: number) => BigInt(random.between(fromXem * 1_000_000, toXem * 1_000_000));
  return [
    ...many(3, () => ({ reason: 'company_owned', text: '自社保有分', quantity: micro(100_000, 3_000_000) })),
    ...many(5, () => ({ reason: 'test', text: '動作確認用口座', quantity: micro(1, 1_000) })),
    ...many(2 + Math.trunc(payableCount / 2_000), () => ({ reason: 'zero', text: '', quantity: 0n })),
    ...many(2 + Math.trunc(payableCount / 50_000), () => ({
      reason: 'negative',
      text: '残高の訂正待ち',
      quantity: -micro(1, 50),
    })),
  ];
}
