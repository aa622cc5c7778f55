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

/** One literal, for there are twenty hits in an answer: objects that are put together of others cost several times as much. */
function shown(row: FoundHolder): FoundHolderView {
  const { customer_no: customerNo, reason, own } = row;
  return {
    customerNo,
    matched: { code: reason, text: MATCH_TEXTS[reason] },
    own,
    name: own ? null : maskName(row.name),
    nameKana: own ? null : maskName(row.name_kana),
    email: own ? null : maskEmail(row.email),
    phone: own ? null : maskPhone(row.phone),
    claim: own ? null : claimOf(row),
    lastContact: own ? null : lastContactOf(row),
  };
}

function claimOf({ claim_no: claimNo, status, held, amount_jpy: amountJpy }: FoundHolder): FoundHolderView['claim'] {
  if (claimNo === null || status === null || held === null || amountJpy === null) return null;
  return { claimNo, status, underReview: held, amountJpy };
}

function lastContactOf({ contact_at: at, contact_channel: channel }: FoundHolder): FoundHolderView['lastContact'] {
  return at && channel && { at: at.toISOString(), channel };
}

function hintFor({ probes, customerNo, claimNo }: Question, found: number): HolderSearchView['hint'] {
  if (found > MOST_HITS) return HINTS.narrow;
  if (found > 0) return null;
  return probes.length === 0 && claimNo === null && customerNo !== null && /^\d{1,4}$/.test(customerNo)
    ? HINTS.addName
    : HINTS.nobody;
}
