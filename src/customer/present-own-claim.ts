import { formatClaimNo } from '../claim/claim-no.js';
import { withdrawalRestriction } from '../claim/claim.service.js';
import { Decimal } from '../platform/decimal.js';
import type { Text } from '../platform/problem/domain-error.js';
import { calculationText } from '../claim/calculation.js';
import { customerClaimState, customerReason, type CustomerClaimFacts } from './customer-claim.state.js';
import { NEVER_ASKED, NEXT_TEXTS, REASON_TEXTS, STATE_TEXTS } from './customer-texts.js';
import type {
  CustomerAmountView,
  CustomerClaimView,
  CustomerCreditView,
  CustomerEventView,
  CustomerQuantityView,
} from './customer.views.js';
import type { OwnClaimRow } from './sql/read-own-claim.sql.js';

/** Made of the row and of nothing else, for the version of the answer is the row’s: no clock, no setting, no state. */
export function ownClaimView(row: OwnClaimRow): CustomerClaimView {
  const facts = factsOf(row);
  const [state, reason] = [customerClaimState(facts), customerReason(facts)];
  return {
    customerNo: row.customer_no,
    claimNo: row.claim_no === null ? null : formatClaimNo(row.claim_no),
    state: { code: state, text: STATE_TEXTS[state] },
    reason: reason && { code: reason, text: REASON_TEXTS[reason] },
    quantity: quantityOf(row),
    amount: amountOf(row),
    credit: creditOf(row),
    history: historyOf(row),
    next: reason === 'action_needed' ? REASON_TEXTS.action_needed : NEXT_TEXTS[state],
    warning: NEVER_ASKED,
  };
}

function factsOf(row: OwnClaimRow): CustomerClaimFacts {
  return {
    excluded: row.excluded === true,
    status: row.status,
    amountJpy: row.amount_jpy === null ? null : BigInt(row.amount_jpy),
    everInApprovedBatch: row.in_batch_at !== null,
    mayWithdraw: withdrawalOf(row) === 'possible',
  };
}

function withdrawalOf({ account_status, identity_status }: OwnClaimRow): CustomerCreditView['withdrawal'] {
  const restriction = withdrawalRestriction({ accountStatus: account_status, identityStatus: identity_status });
  if (restriction === null) return 'possible';
  return restriction === 'identity_not_verified' ? 'identity_check_needed' : 'ask_us';
}

function quantityOf(row: OwnClaimRow): CustomerQuantityView | null {
  const { quantity_xem, as_of, available_xem, in_order_xem, lent_xem, in_transit_xem } = row;
  if (quantity_xem === null || as_of === null) return null;
  const known = available_xem !== null && in_order_xem !== null && lent_xem !== null && in_transit_xem !== null;
  return {
    quantityXem: quantity_xem,
    asOf: as_of,
    parts: known
      ? { availableXem: available_xem, inOrderXem: in_order_xem, lentXem: lent_xem, inTransitXem: in_transit_xem }
      : null,
  };
}

function amountOf(row: OwnClaimRow): CustomerAmountView | null {
  const { quantity_xem, price_jpy_per_xem, rounding_rule, amount_jpy } = row;
  if (quantity_xem === null || price_jpy_per_xem === null || rounding_rule === null || amount_jpy === null) return null;
  const priceJpyPerXem = new Decimal(price_jpy_per_xem).toFixed();
  const factors = { quantityXem: quantity_xem, priceJpyPerXem, roundingRule: rounding_rule, amountJpy: amount_jpy };
  return { priceJpyPerXem, amountJpy: amount_jpy, calculation: calculationText(factors) };
}

function creditOf(row: OwnClaimRow): CustomerCreditView | null {
  const { posting_date, label, amount_jpy } = row;
  if (posting_date === null || label === null || amount_jpy === null) return null;
  return { postingDate: posting_date, label, amountJpy: amount_jpy, withdrawal: withdrawalOf(row) };
}

function historyOf(row: OwnClaimRow): CustomerEventView[] {
  const events: [string | null, Text][] = [
    [row.as_of, { en: 'Your quantity was counted.', ja: '基準日時の保有数量を記録しました。' }],
    [row.opened_at, { en: 'Your compensation was calculated.', ja: '補償額を計算しました。' }],
    [row.rejected_at, { en: 'Your record is not covered.', ja: '補償対象外となりました。' }],
    [row.in_batch_at, { en: 'Crediting was started.', ja: '残高への反映手続きを開始しました。' }],
    [row.credited_at, { en: 'The amount was credited.', ja: '残高に反映しました。' }],
  ];
  return events.flatMap(([at, text]) => (at === null ? [] : [{ at, text }]));
}
