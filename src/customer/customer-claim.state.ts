import type { ClaimState } from '../claim/claim.state.js';

/**
 * What a customer is told of their claim: one of four, whatever goes on inside. Drafts, checkers, pauses, funds and holds
 * of whatever kind are not told apart.
 *
 * - `under_review`   確認中: pending, held, or approved and never in an approved batch
 * - `being_credited` 反映手続き中: has been in an approved batch and is not credited yet. What happens to that batch
 *                    afterwards changes nothing, so nobody sees a step back
 * - `credited`       残高反映済み: the amount is in the wallet. Never left
 * - `not_covered`    補償対象外: excluded from the programme, or decided not to be paid
 */
export const CUSTOMER_CLAIM_STATES = ['under_review', 'being_credited', 'credited', 'not_covered'] as const;
export type CustomerClaimState = (typeof CUSTOMER_CLAIM_STATES)[number];

/** The closed list of reasons that customers read; null where there is nothing to explain. */
export const CUSTOMER_REASONS = ['under_review', 'being_credited', 'action_needed', 'below_one_yen'] as const;
export type CustomerReason = (typeof CUSTOMER_REASONS)[number];

export interface CustomerClaimFacts {
  readonly excluded: boolean;
  /** Null until claims are opened. */
  readonly status: ClaimState | null;
  readonly amountJpy: bigint | null;
  /** Has a batch with this claim ever been approved, also one that let it go again? */
  readonly everInApprovedBatch: boolean;
  readonly mayWithdraw: boolean;
}

export function customerClaimState(facts: CustomerClaimFacts): CustomerClaimState {
  if (facts.status === 'credited') return 'credited';
  if (facts.excluded || facts.status === 'rejected') return 'not_covered';
  return facts.everInApprovedBatch ? 'being_credited' : 'under_review';
}

export function customerReason(facts: CustomerClaimFacts): CustomerReason | null {
  const state = customerClaimState(facts);
  if (state === 'credited') return facts.mayWithdraw ? null : 'action_needed';
  if (state === 'not_covered') return facts.amountJpy === 0n ? 'below_one_yen' : null;
  return state;
}
