import { parseClaimNo, type ClaimNo } from '../claim/claim-no.js';
import { emailKey, nameKey, phoneKey, readingKey } from '../holder/search-key.js';

/** Which column of the search keys is compared, and how. */
export interface Probe {
  readonly reason: MatchReason;
  readonly column: 'name_key' | 'given_name_key' | 'reading_key' | 'given_reading_key' | 'email_key' | 'phone_key';
  readonly how: 'exact' | 'prefix' | 'similar';
  readonly value: string;
}

/** Why a hit is one, best first. */
export const MATCH_REASONS = [
  'customer_no',
  'claim_no',
  'email',
  'phone',
  'name',
  'reading',
  'name_begins',
  'reading_begins',
  'given_name_begins',
  'given_reading_begins',
  'email_begins',
  'phone_begins',
  'reading_is_similar',
] as const;
export type MatchReason = (typeof MATCH_REASONS)[number];

/** Which numbers a text may be. */
export interface Numbers {
  readonly customerNo: string | null;
  readonly claimNo: ClaimNo | null;
  /** Twelve digits that were meant as a claim number, whose check digit does not fit. */
  readonly mistypedClaimNo: boolean;
}

/** What a caller said, taken apart. */
export interface Question extends Numbers {
  readonly probes: readonly Probe[];
  /** Four digits beside a name: the end of the phone number, or month and day of birth. */
  readonly fourDigits: string | null;
  /** A whole date of birth beside a name, YYYYMMDD. */
  readonly birthDate: string | null;
}

const LIKE_A_CLAIM_NO = /^[\dOIl\s-]{12,20}$/iu;
/** What stands behind the claim number in the number of a customer's statement. */
const STATEMENT_CHECK = /-[0-9a-f]{8}$/iu;
const CUSTOMER_NO = /^[A-Za-z0-9][A-Za-z0-9_-]{0,31}$/;
/** Fewer than three sounds are like too many others. */
const SHORTEST_SIMILAR = 3;

/** Reads the one box. What it could mean in several ways is asked in all of them. */
export function readQuestion(q: string): Question {
  const said = q.normalize('NFKC').trim();
  const nothing = { probes: [], fourDigits: null, birthDate: null };
  return {
    ...nothing,
    ...readNumbers(said),
    ...(said.includes('@') ? { probes: emailProbes(said) } : readPerson(said)),
  };
}

/**
 * A text that is a number and nothing else; claim numbers with or without hyphens, O for 0 and I for 1 forgiven, also as the
 * beginning of a statement's number.
 */
export function readNumbers(text: string): Numbers {
  const said = text.normalize('NFKC').trim();
  const readings = [said, said.replace(STATEMENT_CHECK, '')];
  const like = readings.find((reading) => LIKE_A_CLAIM_NO.test(reading)) ?? '';
  const digits = like.replaceAll(/[oO]/g, '0').replaceAll(/[iIl]/g, '1');
  const claimNo = parseClaimNo(digits);
  const twelveDigits = digits.replaceAll(/\D/g, '').length === 12;
  return {
    customerNo: CUSTOMER_NO.test(said) ? said : null,
    claimNo,
    mistypedClaimNo: twelveDigits && claimNo === null,
  };
}

function readPerson(said: string): Pick<Question, 'probes' | 'fourDigits' | 'birthDate'> {
  if (/^[+\d\s()./-]+$/u.test(said)) return { probes: phoneProbes(said), fourDigits: null, birthDate: null };
  const words = said.split(/\s+/u);
  const dates = words.map((word) => word.replaceAll(/[-/.]/g, ''));
  const isKey = (index: number) => /^\d{4}(?:\d{4})?$/.test(dates[index] ?? '');
  return {
    probes: nameProbes(words.filter((_word, index) => !isKey(index))),
    fourDigits: dates.find((date) => /^\d{4}$/.test(date)) ?? null,
    birthDate: dates.find((date) => /^\d{8}$/.test(date)) ?? null,
  };
}

function emailProbes(said: string): Probe[] {
  const value = emailKey(said);
  return [
    { reason: 'email', column: 'email_key', how: 'exact', value },
    { reason: 'email_begins', column: 'email_key', how: 'prefix', value },
  ];
}

/** Four digits are the end of very many numbers: without a name beside them they find nobody. */
function phoneProbes(said: string): Probe[] {
  const value = phoneKey(said);
  if (value.length < 5) return [];
  return [
    { reason: 'phone', column: 'phone_key', how: 'exact', value },
    { reason: 'phone_begins', column: 'phone_key', how: 'prefix', value },
  ];
}

/** Two words are asked in both orders, for names in Latin letters are said given name first as often as last. */
function nameProbes(words: readonly string[]): Probe[] {
  const orders = words.length === 2 ? [words, words.toReversed()] : [words];
  const probes = orders.flatMap((order): Probe[] => {
    const [name, reading] = [nameKey(order.join('')), readingKey(order.join(''))];
    return [
      { reason: 'name', column: 'name_key', how: 'exact', value: name },
      { reason: 'reading', column: 'reading_key', how: 'exact', value: reading },
      { reason: 'name_begins', column: 'name_key', how: 'prefix', value: name },
      { reason: 'reading_begins', column: 'reading_key', how: 'prefix', value: reading },
      ...(words.length === 1
        ? ([
            { reason: 'given_name_begins', column: 'given_name_key', how: 'prefix', value: name },
            { reason: 'given_reading_begins', column: 'given_reading_key', how: 'prefix', value: reading },
          ] as const)
        : []),
      ...([...reading].length < SHORTEST_SIMILAR
        ? []
        : ([{ reason: 'reading_is_similar', column: 'reading_key', how: 'similar', value: reading }] as const)),
    ];
  });
  return probes.filter(({ value }) => value !== '');
}
