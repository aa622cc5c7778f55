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
