import type { ClaimState } from '../claim/claim.state.js';
import type { CreditBatchState } from '../credit-batch/credit-batch.state.js';

/** Everything that may stand between an uncredited claim and its wallet, in the order in which it must be solved. */
export const WHY_NOT_CREDITED = [
  'under_review',
  'contact_changed',
  'below_one_yen',
  'rejected',
  'not_approved',
  'approval_waiting',
  'fund_short',
  'not_in_batch',
  'in_draft_batch',
  'batch_waiting_for_checker',
  'batch_waiting_for_signatures',
  'batch_not_yet_due',
  'batch_paused',
  'batch_executing',
] as const;
export type WhyNotCredited = (typeof WHY_NOT_CREDITED)[number];

export interface ClaimSituation {
  readonly status: ClaimState;
  /** For whatever reason: nothing here tells one hold from another. */
  readonly underReview: boolean;
  /** Only for those who can solve it; for everybody else this too is a review. */
  readonly contactChanged: boolean;
  readonly amountJpy: bigint;
  /** Does a second person's answer to a proposed decision wait? */
  readonly decisionWaits: boolean;
  /** Could the fund not pay all claims that are approved? */
  readonly fundShort: boolean;
  /** Of the live batch with this claim; null without one. */
  readonly batch: CreditBatchState | null;
  /** Is that batch approved, but not yet signed by as many keys as its amount needs? */
  readonly signaturesMissing: boolean;
}

const BATCH_REASONS: Readonly<Partial<Record<CreditBatchState, WhyNotCredited>>> = {
  draft: 'in_draft_batch',
  submitted: 'batch_waiting_for_checker',
  approved: 'batch_not_yet_due',
  executing: 'batch_executing',
  paused: 'batch_paused',
};

/** The first reason is the one to work on now. A credited claim has none, every other at least one. */
export function whyNotCredited(claim: ClaimSituation): WhyNotCredited[] {
  if (claim.status === 'credited') return [];
  const reasons = new Set<WhyNotCredited>();
  if (claim.underReview) reasons.add('under_review');
  if (claim.contactChanged) reasons.add('contact_changed');
  if (claim.status === 'rejected') reasons.add(claim.amountJpy === 0n ? 'below_one_yen' : 'rejected');
  if (claim.status === 'pending') {
    if (claim.amountJpy === 0n) reasons.add('below_one_yen');
    reasons.add(claim.decisionWaits ? 'approval_waiting' : 'not_approved');
    if (claim.fundShort) reasons.add('fund_short');
  }
  if (claim.status === 'approved') {
    const batchReason = (claim.batch && BATCH_REASONS[claim.batch]) ?? 'not_in_batch';
    reasons.add(claim.signaturesMissing && claim.batch === 'approved' ? 'batch_waiting_for_signatures' : batchReason);
  }
  return WHY_NOT_CREDITED.filter((reason) => reasons.has(reason));
}
