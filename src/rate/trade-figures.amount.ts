import { Decimal } from '../platform/decimal.js';
import { jstInstant, SCALE, type PriceWindow } from './price-window.amount.js';

/** Digits shown of an average that is a ratio; its two terms are given exactly beside it. */
const RATIO_DIGITS = 12;

/** One window's average price. Null where no trade falls into the window. */
export type TradeWindowFigures = {
  readonly start: string;
  readonly end: string;
  readonly announced: boolean;
  readonly tradeCount: string;
  readonly quantityXem: string;
  readonly turnoverJpy: string;
  /** Turnover divided by quantity, to 12 decimals. */
  readonly vwapJpyPerXem: string | null;
  /** Announced price minus this average, in yen and as a part of the average. */
  readonly differenceJpyPerXem: string | null;
  readonly differenceRatio: string | null;
};

interface Sum {
  count: bigint;
  quantity: bigint;
  turnover: bigint;
}

/** Adds up trades exactly, for all windows in one pass, in memory that does not grow with their number. */
export class TradeFigures {
  private readonly sums: Sum[];

  constructor(private readonly windows: readonly PriceWindow[]) {
    this.sums = windows.map(() => ({ count: 0n, quantity: 0n, turnover: 0n }));
  }

  /** `price` and `quantity` times 10^8. */
  add(timeMs: number, price: bigint, quantity: bigint): void {
    this.windows.forEach(({ startMs, endMs }, index) => {
      const sum = this.sums[index];
      if (!sum || timeMs < startMs || timeMs >= endMs) return;
      sum.count += 1n;
      sum.quantity += quantity;
      sum.turnover += price * quantity;
    });
  }

  /** Does any trade fall into the announced window? */
  get touchesAnnounced(): boolean {
    return (this.sums[0]?.count ?? 0n) > 0n;
  }

  figures(announcedPrice: Decimal): TradeWindowFigures[] {
    return this.windows.map(({ startMs, endMs, announced }, index) => {
      const { count, quantity, turnover } = this.sums[index] ?? { count: 0n, quantity: 0n, turnover: 0n };
      const quantityXem = unscaled(quantity, SCALE);
      const turnoverJpy = unscaled(turnover, 2 * SCALE);
      const average = count > 0n ? turnoverJpy.div(quantityXem) : null;
      return {
        start: jstInstant(startMs),
        end: jstInstant(endMs),
        announced,
        tradeCount: count.toString(),
        quantityXem: quantityXem.toFixed(),
        turnoverJpy: turnoverJpy.toFixed(),
        vwapJpyPerXem: average?.toFixed(RATIO_DIGITS) ?? null,
        differenceJpyPerXem: average ? announcedPrice.minus(average).toFixed(RATIO_DIGITS) : null,
        differenceRatio: average ? announcedPrice.minus(average).div(average).toFixed(RATIO_DIGITS) : null,
      };
    });
  }
}

function unscaled(value: bigint, digits: number): Decimal {
  return new Decimal(value.toString()).div(new Decimal(10).pow(digits));
}
