import { parseClaimNo, type ClaimNo } from '../claim/claim-no.js';
import { emailKey, nameKey, phoneKey, readingKey } from '../holder/search-key.js';
import { CUSTOMER_NO } from '../holder/person.rules.js';

/** One column of the search keys, and what it is or begins with. Equal comes before every longer value in its index. */
export interface Probe {
  readonly column: 'name_key' | 'given_name_key' | 'reading_key' | 'given_reading_key' | 'email_key' | 'phone_key';
  readonly value: string;
  /** Why a holder whose key is equal is a hit, and one whose key only begins so. */
  readonly equal: MatchReason;
  readonly begins: MatchReason;
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
  /** Readings that are long enough to be compared by their sound. */
  readonly sounds: readonly string[];
  /** Four digits beside a name: the end of the phone number, or month and day of birth. */
  readonly fourDigits: string | null;
  /** A whole date of birth beside a name, YYYYMMDD. */
  readonly birthDate: string | null;
}

const LIKE_A_CLAIM_NO = /^[\dOIl\s-]{12,20}$/iu;
/** What stands behind the claim number in the number of a customer's statement. */
const STATEMENT_CHECK = /-[0-9a-f]{8}$/iu;
/** Fewer than three sounds are like too many others. */
const SHORTEST_SIMILAR = 3;

/** Reads the one box. What it could mean in several ways is asked in all of them. */
export function readQuestion(q: string): Question {
  const said = q.normalize('NFKC').trim();
  const nothing = { probes: [], sounds: [], fourDigits: null, birthDate: null };
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

function readPerson(said: string): Omit<Question, keyof Numbers> {
  if (/^[+\d\s()./-]+$/u.test(said))
    return { probes: phoneProbes(said), sounds: [], fourDigits: null, birthDate: null };
  const words = said.split(/\s+/u);
  const dates = words.map((word) => word.replaceAll(/[-/.]/g, ''));
  const isKey = (index: number) => /^\d{4}(?:\d{4})?$/.test(dates[index] ?? '');
  return {
    ...readName(words.filter((_word, index) => !isKey(index))),
    fourDigits: dates.find((date) => /^\d{4}$/.test(date)) ?? null,
    birthDate: dates.find((date) => /^\d{8}$/.test(date)) ?? null,
  };
}

function emailProbes(said: string): Probe[] {
  return present([{ column: 'email_key', value: emailKey(said), equal: 'email', begins: 'email_begins' }]);
}

/** Four digits are the end of very many numbers: without a name beside them they find nobody. */
function phoneProbes(said: string): Probe[] {
  const value = phoneKey(said);
  return value.length < 5 ? [] : [{ column: 'phone_key', value, equal: 'phone', begins: 'phone_begins' }];
}

/** Two words are asked in both orders, for names in Latin letters are said given name first as often as last. */
function readName(words: readonly string[]): Pick<Question, 'probes' | 'sounds'> {
  const orders = words.length === 2 ? [words, words.toReversed()] : [words];
  const keys = orders.map((order) => ({ name: nameKey(order.join('')), reading: readingKey(order.join('')) }));
  const probes = keys.flatMap(({ name, reading }): Probe[] => [
    { column: 'name_key', value: name, equal: 'name', begins: 'name_begins' },
    { column: 'reading_key', value: reading, equal: 'reading', begins: 'reading_begins' },
    ...(words.length === 1 ? givenNameProbes(name, reading) : []),
  ]);
  return {
    probes: present(probes),
    sounds: keys.map(({ reading }) => reading).filter((reading) => [...reading].length >= SHORTEST_SIMILAR),
  };
}

/** A given name alone is what many share: being it counts no more than beginning so. */
function givenNameProbes(name: string, reading: string): Probe[] {
  return [
    { column: 'given_name_key', value: name, equal: 'given_name_begins', begins: 'given_name_begins' },
    { column: 'given_reading_key', value: reading, equal: 'given_reading_begins', begins: 'given_reading_begins' },
  ];
}

const present = (probes: readonly Probe[]): Probe[] => probes.filter(({ value }) => value !== '');
