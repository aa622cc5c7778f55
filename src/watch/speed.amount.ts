import type { Finding } from './finding.js';

/** All that was credited up to an instant. */
export interface Reading {
  readonly at: number;
  readonly count: bigint;
  readonly jpy: bigint;
}

const MINUTE_MS = 60_000;
/** Chunks arrive as a whole, so a shorter time would only measure when. */
const SPEED_OVER_MS = 5_000;

/** How fast credits come, against what was announced. Remembers one minute; after a restart it begins anew. */
export class Speed {
  private readings: Reading[] = [];

  constructor(private readonly mostPerSecond: number) {}

  /** `announced` is what the batches of this minute hold together. */
  compare(now: Reading, announced: { readonly count: bigint; readonly jpy: bigint }): Finding[] {
    this.readings = [...this.readings.filter(({ at }) => at >= now.at - MINUTE_MS), now];
    const findings: Finding[] = [];
    const minute = this.since(now, MINUTE_MS);
    if (minute.count > announced.count || minute.jpy > announced.jpy) {
      findings.push({
        kind: 'more_than_announced',
        subject: `minute:${Math.floor(now.at / MINUTE_MS)}`,
        evidence: {
          creditedCount: minute.count.toString(),
          creditedJpy: minute.jpy.toString(),
          announcedCount: announced.count.toString(),
          announcedJpy: announced.jpy.toString(),
        },
      });
    }
    const { count, ms } = this.since(now, SPEED_OVER_MS);
    if (ms >= SPEED_OVER_MS / 2 && Number(count) * 1000 > this.mostPerSecond * ms) {
      findings.push({
        kind: 'credits_too_fast',
        subject: `minute:${Math.floor(now.at / MINUTE_MS)}`,
        evidence: { creditedCount: count.toString(), milliseconds: ms },
      });
    }
    return findings;
  }

  private since(now: Reading, ms: number): { count: bigint; jpy: bigint; ms: number } {
    const from = this.readings.find(({ at }) => at >= now.at - ms) ?? now;
    return { count: now.count - from.count, jpy: now.jpy - from.jpy, ms: now.at - from.at };
  }
}
