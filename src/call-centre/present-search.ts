import { maskEmail, maskName, maskPhone } from '../holder/masking.js';
import { HINTS, MATCH_TEXTS } from './search-texts.js';
import type { Question } from './search-question.js';
import type { FoundHolderView, HolderSearchView } from './search.views.js';
import { MOST_FOUND, type FoundHolder } from './sql/find-holders.sql.js';

const MOST_HITS = MOST_FOUND - 1;

/** What a person who searches sees of what was found, which is one more than is shown when there are too many. */
export function searchView(question: Question, found: readonly FoundHolder[]): HolderSearchView {
  return { items: found.slice(0, MOST_HITS).map(shown), hint: hintFor(question, found.length) };
}

const HIDDEN = { name: null, nameKana: null, email: null, phone: null, claim: null, lastContact: null };

function shown(row: FoundHolder): FoundHolderView {
  const { customer_no: customerNo, reason, own } = row;
  return { customerNo, matched: { code: reason, text: MATCH_TEXTS[reason] }, own, ...(own ? HIDDEN : masked(row)) };
}

function masked(row: FoundHolder): Omit<FoundHolderView, 'customerNo' | 'matched' | 'own'> {
  const { claim_no: claimNo, status, held: underReview, amount_jpy: amountJpy } = row;
  const { contact_at: at, contact_channel: channel } = row;
  const hasClaim = claimNo !== null && status !== null && underReview !== null && amountJpy !== null;
  return {
    name: maskName(row.name),
    nameKana: maskName(row.name_kana),
    email: maskEmail(row.email),
    phone: maskPhone(row.phone),
    claim: hasClaim ? { claimNo, status, underReview, amountJpy } : null,
    lastContact: at && channel && { at: at.toISOString(), channel },
  };
}

function hintFor({ probes, customerNo, claimNo }: Question, found: number): HolderSearchView['hint'] {
  if (found > MOST_HITS) return HINTS.narrow;
  if (found > 0) return null;
  return probes.length === 0 && claimNo === null && customerNo !== null && /^\d{1,4}$/.test(customerNo)
    ? HINTS.addName
    : HINTS.nobody;
}
