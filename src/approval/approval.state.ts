/**
 * States of an approval request, each by its exits. The database guards the same table again.
 *
 * - `pending`   approved (the last checker needed has approved), refused (one checker refused),
 *               expired (nobody decided in time), voided (what it stands for changed or was withdrawn)
 * - `approved`, `refused`, `expired`, `voided`   never left; asking again makes a new request
 */
export const APPROVAL_TRANSITIONS = {
  pending: ['approved', 'refused', 'expired', 'voided'],
  approved: [],
  refused: [],
  expired: [],
  voided: [],
} as const satisfies Record<string, readonly string[]>;

export type ApprovalState = keyof typeof APPROVAL_TRANSITIONS;

/** How many distinct checkers an amount needs, given what the same maker asked for on the same day. */
export function requiredCheckers(amountJpy: bigint, askedTodayJpy: bigint, twoCheckersAboveJpy: bigint): 1 | 2 {
  return amountJpy + askedTodayJpy > twoCheckersAboveJpy ? 2 : 1;
}
