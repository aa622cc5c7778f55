import { COMPANY_WORDS, TRADES } from './company-names.js';
import { GIVEN_NAMES } from './given-names.js';
import { drawFrom, type Random } from './random.js';
import { SURNAMES } from './surnames.js';

/** The columns of a holder that say who it is; the words are those of the import. */
export interface Person {
  readonly kind: 'individual' | 'corporate';
  readonly name: string;
  readonly nameKana: string;
  readonly email: string;
  readonly phone: string;
  readonly birthDate: string;
  readonly country: string;
  readonly language: 'ja' | 'en';
  readonly accountStatus: 'open' | 'restricted' | 'closed' | 'deceased';
  readonly identityStatus: 'none' | 'submitted' | 'returned' | 'verified';
}

const drawKind = drawFrom([
  ['individual', 985],
  ['corporate', 15],
] as const);
const drawCountry = drawFrom([
  ['JP', 975],
  ['US', 6],
  ['CN', 5],
  ['KR', 4],
  ['TW', 4],
  ['SG', 3],
  ['GB', 2],
  ['AU', 1],
] as const);
const drawAccountStatus = drawFrom([
  ['open', 9_840],
  ['restricted', 100],
  ['closed', 40],
  ['deceased', 20],
] as const);
const drawIdentityStatus = drawFrom([
  ['verified', 92],
  ['submitted', 3],
  ['returned', 1],
  ['none', 4],
] as const);
const drawYearsOlder = drawFrom([
  [0, 6],
  [20, 2],
  [35, 1],
] as const);
/** Of ten who have not shown who they are, this many left a field of the form empty. */
const LEFT_EMPTY_OF_TEN = 3;

/** A made-up person or company. `number` is one that nobody else in the file has: it makes the mail address unique. */
export function drawPerson(random: Random, number: number): Person {
  const kind = drawKind(random);
  const named = kind === 'individual' ? drawIndividual(random, number) : drawCompany(random, number);
  const country = drawCountry(random);
  const identityStatus = drawIdentityStatus(random);
  const filled = { ...named, phone: drawPhone(random), birthDate: drawDate(random, kind) };
  return {
    kind,
    ...(identityStatus === 'verified' ? filled : leaveEmpty(random, filled)),
    email: named.email,
    country,
    language: country === 'JP' || random.below(3) === 0 ? 'ja' : 'en',
    accountStatus: kind === 'corporate' ? 'open' : drawAccountStatus(random),
    identityStatus,
  };
}

function drawIndividual(random: Random, number: number): Pick<Person, 'name' | 'nameKana' | 'email'> {
  const surname = random.pick(SURNAMES);
  const given = random.pick(GIVEN_NAMES);
  return {
    name: `${surname.kanji} ${given.kanji}`,
    nameKana: `${surname.kana} ${given.kana}`,
    email: `${given.romaji}.${surname.romaji}${number}@example.jp`,
  };
}

function drawCompany(random: Random, number: number): Pick<Person, 'name' | 'nameKana' | 'email'> {
  const word = random.pick(COMPANY_WORDS);
  const trade = random.pick(TRADES);
  return {
    name: `株式会社${word.kanji}${trade.kanji}`,
    nameKana: `カブシキガイシャ${word.kana}${trade.kana}`,
    email: `info.${word.romaji}-${trade.romaji}${number}@example.jp`,
  };
}

function drawPhone(random: Random): string {
  const [prefix, middle, last] = [
    random.pick(['090', '080', '070']),
    random.between(1_000, 9_999),
    random.below(10_000),
  ];
  return `${prefix}-${middle}-${String(last).padStart(4, '0')}`;
}

/** The date of birth, or of incorporation. Most are between 18 and 53 at the theft of January 2018, some are old. */
function drawDate(random: Random, kind: Person['kind']): string {
  const year = kind === 'corporate' ? random.between(1960, 2017) : random.between(1964, 1999) - drawYearsOlder(random);
  return new Date(Date.UTC(year, random.below(12), random.between(1, 28))).toISOString().slice(0, 10);
}

function leaveEmpty<T extends Pick<Person, 'name' | 'nameKana' | 'phone' | 'birthDate'>>(random: Random, person: T): T {
  if (random.below(10) >= LEFT_EMPTY_OF_TEN) return person;
  return { ...person, [random.pick(['name', 'nameKana', 'phone', 'birthDate'])]: '' };
}
