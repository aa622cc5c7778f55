/**
 * States of a funding, each by its exits. The database guards the same table again.
 *
 * - `proposed`   effective (approved, and posted in the same statement), refused (a checker said no),
 *                lapsed (nobody decided in time, or the request became void)
 * - `lapsed`     proposed (its maker asks again, in one step)
 * - `effective`, `refused`   never left
 */
export const FUNDING_TRANSITIONS = {
  proposed: ['effective', 'refused', 'lapsed'],
  lapsed: ['proposed'],
  effective: [],
  refused: [],
} as const satisfies Record<string, readonly string[]>;

export type FundingState = keyof typeof FUNDING_TRANSITIONS;
