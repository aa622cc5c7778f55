import { grouped } from '../../claim/calculation.js';
import type { Text } from '../../platform/problem/domain-error.js';
import type { HolderClaimView, HolderView } from '../call-centre.views.js';
import type { Facts } from './fill-in.js';
import { isOpenTo } from './situations.js';

const NO_FACTS: Facts = { amount: null, quantity: null, price: null, posting_date: null, next_step: null };
const DONE: Text = { en: 'You need do nothing.', ja: 'お手続きは不要です。' };
const DONE_BUT_WITHDRAWAL: Text = {
  en: 'To withdraw from your balance, the identity check must be complete.',
  ja: '残高からの出金には本人確認が必要です。',
};
/** While one of these is what a claim waits for, nothing but time stands between it and its posting date. */
const DATE_IS_SURE: readonly string[] = ['batch_not_yet_due', 'batch_executing'];

/**
 * What of a holder's page may be said in a script: nothing but to a caller who has passed the check. Of several claims it is the
 * first, which is the one that was announced.
 */
export function factsOf({ claims, withdrawalRestriction, call }: HolderView, today: string): Facts {
  const [claim] = claims;
  if (!claim || !isOpenTo(call)) return NO_FACTS;
  return {
    amount: alike(grouped(claim.amountJpy)),
    quantity: alike(grouped(claim.quantityXem)),
    price: alike(grouped(claim.priceJpyPerXem)),
    posting_date: postingDate(claim, today),
    next_step: claim.whyNotCredited[0]?.customer ?? (withdrawalRestriction === null ? DONE : DONE_BUT_WITHDRAWAL),
  };
}

/**
 * Only a day that two people approved and that nothing stands against: of a credited claim, or of one that waits for
 * nothing but its batch. A claim under review is skipped by its batch, a paused batch may miss its day.
 */
function postingDate({ status, creditBatch, whyNotCredited }: HolderClaimView, today: string): Text | null {
  if (!creditBatch) return null;
  const [first] = whyNotCredited;
  const isSure = first !== undefined && DATE_IS_SURE.includes(first.code) && creditBatch.postingDate >= today;
  if (status !== 'credited' && !isSure) return null;
  const [year, month, day] = creditBatch.postingDate.split('-').map(Number);
  return { en: creditBatch.postingDate, ja: `${year}年${month}月${day}日` };
}

function alike(words: string): Text {
  return { en: words, ja: words };
}
