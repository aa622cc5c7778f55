/**
 * States of a claim, each by its exits. The database guards the same table again.
 *
 * - `pending`   approved (decision), rejected (decision, or below one yen)
 * - `approved`  credited (by a batch), pending (decision withdrawn, while in no live batch)
 * - `rejected`  pending (reopened by two people)
 * - `credited`  never left
 *
 * A hold is a flag beside the state: a held claim is neither approved nor credited.
 */
export const CLAIM_TRANSITIONS = {
  pending: ['approved', 'rejected'],
  approved: ['credited', 'pending'],
  rejected: ['pending'],
  credited: [],
} as const satisfies Record<string, readonly string[]>;

export type ClaimState = keyof typeof CLAIM_TRANSITIONS;
export const CLAIM_STATES = Object.keys(CLAIM_TRANSITIONS) as ClaimState[];

/** What a person can decide, from which state, to which. Crediting is no decision: a batch does it. */
export const VERDICTS = {
  approve: { from: 'pending', to: 'approved' },
  reject: { from: 'pending', to: 'rejected' },
  withdraw: { from: 'approved', to: 'pending' },
  reopen: { from: 'rejected', to: 'pending' },
} as const satisfies Record<string, { from: ClaimState; to: ClaimState }>;

export type Verdict = keyof typeof VERDICTS;

/** Above this a single claims officer does not decide alone. The database holds the same limit. */
const ALONE_UP_TO_JPY = 1_000_000n;

/** Approving or rejecting a large amount, and reopening any, takes two people; taking a decision back does not. */
export function needsTwoPeople(verdict: Verdict, amountJpy: bigint): boolean {
  return verdict === 'reopen' || (verdict !== 'withdraw' && amountJpy > ALONE_UP_TO_JPY);
}

export function mayFollow(from: ClaimState, to: ClaimState): boolean {
  return (CLAIM_TRANSITIONS[from] as readonly string[]).includes(to);
}
