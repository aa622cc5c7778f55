/**
 * States of a snapshot, each by its exits. The database guards the same table again.
 *
 * - `importing` ready (every row is right, the totals are as declared), invalid (what is wrong is listed)
 * - `ready`     sealed (two people)
 * - `invalid`   never left: correct the file and upload it again
 * - `sealed`    never left: customer numbers and quantities are frozen for ever
 */
export const SNAPSHOT_TRANSITIONS = {
  importing: ['ready', 'invalid'],
  ready: ['sealed'],
  invalid: [],
  sealed: [],
} as const satisfies Record<string, readonly string[]>;

export type SnapshotState = keyof typeof SNAPSHOT_TRANSITIONS;
