import { Decimal } from '../platform/decimal.js';
import { jstInstant, SCALE, type PriceWindow } from './price-window.amount.js';

const RATIO_DIGITS = 12;

/** One bar; prices times 10^8. */
export interface Bar {
  readonly startMs: number;
  readonly high: bigint;
  readonly low: bigint;
  readonly close: bigint;
}

/** What bars without volume say about one window: bounds, and proxies that stand in for an average and prove nothing. */
export type BarWindowFigures = {
  readonly start: string;
  readonly end: string;
  readonly announced: boolean;
  /** Bars that the window touches, and how many of these times have no bar in the file. */
  readonly barCount: string;
  readonly missingBarCount: string;
  /** Any volume-weighted average of the window lies between these two; null where no bar touches it. */
  readonly lowestLow: string | null;
  readonly highestHigh: string | null;
  readonly announcedWithinBounds: boolean | null;
  readonly proxies: {
    /** Typical price (high + low + close) / 3, weighted by the bar's range and by how much of the bar the window covers. */
    readonly rangeWeightedTypicalPrice: string | null;
    /** The same, weighted only by how much of the bar the window covers. */
    readonly equalWeightedTypicalPrice: string | null;
  };
};

/** The length of a bar: the smallest distance between two of them, which stand in order; null for fewer than two. */
export function barLengthMs(bars: readonly Bar[]): number | null {
  const distances = bars.slice(1).map((bar, index) => bar.startMs - (bars[index]?.startMs ?? 0));
  return distances.reduce<number | null>(
    (least, distance) => (least === null || distance < least ? distance : least),
    null,
  );
}

export function barFigures(
  bars: readonly Bar[],
  lengthMs: number,
  windows: readonly PriceWindow[],
  announcedPrice: Decimal,
): BarWindowFigures[] {
  return windows.map((window) => {
    const touched = bars.filter((bar) => covered(bar, lengthMs, window) > 0);
    const lowestLow = extreme(
      touched.map((bar) => bar.low),
      (a, b) => a < b,
    );
    const highestHigh = extreme(
      touched.map((bar) => bar.high),
      (a, b) => a > b,
    );
    return {
      start: jstInstant(window.startMs),
      end: jstInstant(window.endMs),
      announced: window.announced,
      barCount: touched.length.toString(),
      missingBarCount: (slots(touched, lengthMs, window) - touched.length).toString(),
      lowestLow: lowestLow?.toFixed() ?? null,
      highestHigh: highestHigh?.toFixed() ?? null,
      announcedWithinBounds:
        lowestLow && highestHigh ? announcedPrice.gte(lowestLow) && announcedPrice.lte(highestHigh) : null,
      proxies: {
        rangeWeightedTypicalPrice: typicalPrice(
          touched,
          (bar) => (bar.high - bar.low) * BigInt(covered(bar, lengthMs, window)),
        ),
        equalWeightedTypicalPrice: typicalPrice(touched, (bar) => BigInt(covered(bar, lengthMs, window))),
      },
    };
  });
}

/** Milliseconds of the bar that lie in the window. */
function covered(bar: Bar, lengthMs: number, { startMs, endMs }: PriceWindow): number {
  return Math.max(0, Math.min(endMs, bar.startMs + lengthMs) - Math.max(startMs, bar.startMs));
}

/** How many bars a window has room for, on the grid on which the bars of the file lie. */
function slots(touched: readonly Bar[], lengthMs: number, { startMs, endMs }: PriceWindow): number {
  const origin = touched[0]?.startMs ?? startMs;
  return Math.ceil((endMs - origin) / lengthMs) - Math.floor((startMs - origin) / lengthMs);
}

/** Null when all weights are 0: then there is nothing to average. */
function typicalPrice(bars: readonly Bar[], weightOf: (bar: Bar) => bigint): string | null {
  let weighted = 0n;
  let weights = 0n;
  for (const bar of bars) {
    const weight = weightOf(bar);
    weighted += (bar.high + bar.low + bar.close) * weight;
    weights += weight;
  }
  if (weights === 0n) return null;
  return price(weighted).div(new Decimal(weights.toString()).times(3)).toFixed(RATIO_DIGITS);
}

function extreme(values: readonly bigint[], better: (a: bigint, b: bigint) => boolean): Decimal | null {
  const found = values.reduce<bigint | null>(
    (best, value) => (best === null || better(value, best) ? value : best),
    null,
  );
  return found === null ? null : price(found);
}

function price(scaled: bigint): Decimal {
  return new Decimal(scaled.toString()).div(new Decimal(10).pow(SCALE));
}
