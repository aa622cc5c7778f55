import { dayOf } from '../platform/clock/jst.js';
import type { Objection } from '../platform/database/prisma.js';
import type { Decimal } from '../platform/decimal.js';
import { amountJpy, type RoundingRule } from '../rate/rate.amount.js';
import type { ObjectionView } from './objection.dto.js';

/** What is shown of an objection; the claim it is about is the first of the holder's. */
export type ShownObjection = Pick<
  Objection,
  'id' | 'reason' | 'dueOn' | 'recordedAt' | 'outcome' | 'outcomeText' | 'closedAt'
> & {
  readonly claimedQuantityXem: Decimal;
  readonly holder: {
    readonly customerNo: string;
    readonly claims: readonly { readonly priceJpyPerXem: Decimal; readonly roundingRule: RoundingRule }[];
  };
  readonly recorder: { readonly displayName: string };
  readonly closer: { readonly displayName: string } | null;
};

export function objectionView(row: ShownObjection): ObjectionView {
  const [claim] = row.holder.claims;
  return {
    objectionNo: row.id.toString(),
    customerNo: row.holder.customerNo,
    claimedQuantityXem: row.claimedQuantityXem.toFixed(6),
    claimedAmountJpy: claim
      ? amountJpy(row.claimedQuantityXem, claim.priceJpyPerXem, claim.roundingRule).toString()
      : null,
    reason: row.reason,
    dueOn: dayOf(row.dueOn),
    recordedBy: row.recorder.displayName,
    recordedAt: row.recordedAt.toISOString(),
    outcome: row.outcome,
    outcomeText: row.outcomeText,
    closedBy: row.closer?.displayName ?? null,
    closedAt: row.closedAt?.toISOString() ?? null,
  };
}
