/** So many rounds, of about a second each, until everything has been compared once more, though nothing seems to have changed. */
const ROUNDS = 120n;
const LEAST = 2_000n;

export interface Slice {
  readonly after: bigint;
  readonly to: bigint;
}

/** The ids of the next slice, from after `after` on; once past the last id there is, from the beginning again. */
export function nextSlice(after: bigint, lastId: bigint): Slice {
  const from = after >= lastId ? 0n : after;
  const size = lastId / ROUNDS > LEAST ? lastId / ROUNDS : LEAST;
  return { after: from, to: from + size };
}

/** A round that takes longer comes near to the watch being taken for absent, which it is after 15 seconds. */
const ROUND_MS = 8_000;
const PORTION = { least: 20_000, most: 100_000 };

/** New rows of each table in the first round, of which nobody knows how fast the machine is. */
export const FIRST_PORTION = PORTION.least;

/** Twice as many after a quick round, half as many after a slow one: what else the machine has to do changes all the time. */
export function nextPortion(rows: number, tookMs: number): number {
  if (tookMs > ROUND_MS) return Math.max(Math.floor(rows / 2), PORTION.least);
  return tookMs < ROUND_MS * 0.75 ? Math.min(rows * 2, PORTION.most) : rows;
}
