/**
 * States of a rate, each by its exits. The database guards the same table again.
 *
 * - `proposed`    effective (approved), rejected (a checker refused),
 *                 lapsed (nobody decided in time, or the request became void)
 * - `lapsed`      proposed (its maker asks again, in one step)
 * - `effective`   superseded (another rate becomes effective, which is possible only while no claim depends on this one)
 * - `rejected`, `superseded`   never left
 */
export const RATE_TRANSITIONS = {
  proposed: ['effective', 'rejected', 'lapsed'],
  lapsed: ['proposed'],
  effective: ['superseded'],
  rejected: [],
  superseded: [],
} as const satisfies Record<string, readonly string[]>;

export type RateState = keyof typeof RATE_TRANSITIONS;
