import { Decimal } from '../platform/decimal.js';

/** How an amount becomes whole yen: to the nearest with x.5 upward, always up, or always down. */
export type RoundingRule = 'half_up' | 'up' | 'down';

const MODES = { half_up: Decimal.ROUND_HALF_UP, up: Decimal.ROUND_CEIL, down: Decimal.ROUND_FLOOR } as const;

/** Quantity × price in whole yen, rounded once; the same as `round_jpy` in the database. Neither factor is negative. */
export function amountJpy(quantityXem: Decimal, priceJpyPerXem: Decimal, rule: RoundingRule): bigint {
  return BigInt(quantityXem.times(priceJpyPerXem).toDecimalPlaces(0, MODES[rule]).toFixed());
}

/** What rounding has left over, exactly and with its sign: total of the amounts + residue = quantity × price. */
export function residueJpy(quantityXem: Decimal, priceJpyPerXem: Decimal, totalJpy: bigint): Decimal {
  return quantityXem.times(priceJpyPerXem).minus(totalJpy.toString());
}
