/** Ids of forged rows may be negative; those that the database gives are not, and never reach the end. */
export const FIRST_ID = -(2n ** 63n);
const PAST_ALL_IDS = 2n ** 63n - 1n;

/** How far a sweep has come in each table: rows up to these ids are done. */
export interface SweptTo {
  readonly walletId: bigint;
  readonly claimId: bigint;
  readonly transferId: bigint;
}

/**
 * One walk through all rows that were written since the walk before, a portion of each table in a round. What is written while
 * it is under way is for the next one, so that it ends.
 */
export interface Sweep {
  /** This and all later transactions had not begun when it did. */
  readonly untilXid: bigint;
  /** All before this one were over when it began. */
  readonly oldestXid: bigint;
  /** Transactions that were not older than that and over all the same: it meets what they wrote. */
  readonly writers: readonly string[];
  /** The newest transfer when it began. */
  readonly lastTransferId: bigint;
  readonly sweptTo: SweptTo;
}

interface SweepBegins {
  readonly nextXid: bigint;
  readonly oldestXid: bigint;
  readonly lastTransferId: bigint;
}

/** A new one, which begins in the instant of this round. */
export function beginSweep({ nextXid, oldestXid, lastTransferId }: SweepBegins): Sweep {
  const sweptTo = { walletId: FIRST_ID, claimId: FIRST_ID, transferId: FIRST_ID };
  return { untilXid: nextXid, oldestXid, writers: [], lastTransferId, sweptTo };
}

/** After a round: where each table's portion ended, null where nothing is left. Null once the whole sweep is done. */
export function goneOn(sweep: Sweep, ends: Readonly<Record<keyof SweptTo, bigint | null>>): Sweep | null {
  const { walletId, claimId, transferId } = ends;
  if (walletId === null && claimId === null && transferId === null) return null;
  const sweptTo = {
    walletId: walletId ?? PAST_ALL_IDS,
    claimId: claimId ?? PAST_ALL_IDS,
    transferId: transferId ?? PAST_ALL_IDS,
  };
  return { ...sweep, sweptTo };
}
