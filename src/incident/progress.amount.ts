import { Decimal } from '../platform/decimal.js';

/**
 * Published figures move in steps of this many holders, and each sum is over complete steps in a fixed order. So the
 * difference between any two reads is a sum over at least this many people, whoever reads how often.
 */
export const HOLDERS_PER_STEP = 1_000n;

/** On top of that, sums are cut to these units, so that even what is known about 999 others tells nothing exact. */
export const XEM_PER_STEP = new Decimal(10_000);
export const JPY_PER_STEP = 1_000_000n;

export function wholeSteps(count: bigint): bigint {
  return count - (count % HOLDERS_PER_STEP);
}

export function roundJpy(amount: bigint): bigint {
  return amount - (amount % JPY_PER_STEP);
}

export function roundXem(quantity: string): Decimal {
  return new Decimal(quantity).div(XEM_PER_STEP).floor().times(XEM_PER_STEP);
}
