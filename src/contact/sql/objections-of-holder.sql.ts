import { Decimal } from '../../platform/decimal.js';
import type { InJson } from '../../platform/json.js';
import type { RoundingRule } from '../../rate/rate.amount.js';
import type { ShownObjection } from '../present-objection.js';

/** As the database writes one. */
type Found = Omit<InJson<ShownObjection>, 'claimedQuantityXem' | 'holder'> & {
  readonly claimedQuantityXem: string;
  readonly holder: {
    readonly customerNo: string;
    readonly claims: readonly { readonly priceJpyPerXem: string; readonly roundingRule: RoundingRule }[];
  };
};

/**
 * All objections of one holder as JSON, newest first, null if there are none; for the statement that reads whole pages: it has
 * a row `asked` with `holder_id` and `customer_no`. Locks nothing.
 */
export const OBJECTIONS_OF_HOLDER = `
  (SELECT json_agg(json_build_object('id', o.id::text, 'claimedQuantityXem', o.claimed_quantity_xem::text, 'reason', o.reason, 'dueOn', o.due_on,
     'recordedAt', o.recorded_at, 'outcome', o.outcome, 'outcomeText', o.outcome_text, 'closedAt', o.closed_at,
     'recorder', json_build_object('displayName', recorder.display_name),
     'closer', CASE WHEN closer.id IS NOT NULL THEN json_build_object('displayName', closer.display_name) END,
     'holder', json_build_object('customerNo', asked.customer_no, 'claims', coalesce(
       (SELECT json_agg(json_build_object('priceJpyPerXem', c.price_jpy_per_xem::text, 'roundingRule', c.rounding_rule))
        FROM claim c WHERE c.holder_id = o.holder_id AND c.parent_claim_id IS NULL), '[]'))) ORDER BY o.id DESC)
   FROM objection o JOIN staff recorder ON recorder.id = o.recorded_by LEFT JOIN staff closer ON closer.id = o.closed_by
   WHERE o.holder_id = asked.holder_id)`;

export function objectionsOfHolder(found: unknown): ShownObjection[] {
  return ((found ?? []) as Found[]).map((row) => ({
    ...row,
    id: BigInt(row.id),
    claimedQuantityXem: new Decimal(row.claimedQuantityXem),
    dueOn: new Date(row.dueOn),
    recordedAt: new Date(row.recordedAt),
    closedAt: row.closedAt === null ? null : new Date(row.closedAt),
    holder: {
      customerNo: row.holder.customerNo,
      claims: row.holder.claims.map(({ priceJpyPerXem, roundingRule }) => ({
        priceJpyPerXem: new Decimal(priceJpyPerXem),
        roundingRule,
      })),
    },
  }));
}
