/** A span of time over which a price is averaged: from its start, which belongs to it, to its end, which does not. */
export interface PriceWindow {
  /** Milliseconds since 1970. */
  readonly startMs: number;
  readonly endMs: number;
  /** Is this the window of the announcement, or one of those that were considered? */
  readonly announced: boolean;
}

/** The announced window first, then every other pairing of a start with an end, to show how much the choice matters. */
export function windowsOf(starts: readonly Date[], ends: readonly Date[]): PriceWindow[] {
  const distinct = (dates: readonly Date[]) => [...new Set(dates.map((date) => date.getTime()))];
  const [announcedStart, announcedEnd] = [starts[0]?.getTime(), ends[0]?.getTime()];
  return distinct(ends).flatMap((endMs) =>
    distinct(starts).map((startMs) => ({
      startMs,
      endMs,
      announced: startMs === announcedStart && endMs === announcedEnd,
    })),
  );
}

/** An instant as people in Japan read it, with its offset. */
export function jstInstant(ms: number): string {
  const shown = new Date(ms + 9 * 60 * 60 * 1000).toISOString();
  return `${shown.slice(0, shown.endsWith('.000Z') ? 19 : 23)}+09:00`;
}

/** Exact decimals as integers: this many digits after the point. */
export const SCALE = 8;

const DECIMAL = /^(0|[1-9]\d{0,11})(?:\.(\d{1,8}))?$/;

/** A decimal above 0 with at most 12 digits before and 8 after the point, times 10^8; null for everything else. */
export function parseScaled(text: string): bigint | null {
  const match = DECIMAL.exec(text);
  const scaled = match ? BigInt(`${match[1]}${(match[2] ?? '').padEnd(SCALE, '0')}`) : 0n;
  return scaled > 0n ? scaled : null;
}
