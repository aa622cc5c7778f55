import { toKatakana } from 'wanakana';

/** What a person is found by; '' where there is nothing. */
export interface SearchKeys {
  readonly name: string;
  readonly givenName: string;
  readonly reading: string;
  readonly givenReading: string;
  readonly email: string;
  readonly phone: string;
}

/**
 * How a person's data is written for finding: the same functions are used when it is stored and when it is asked for,
 * so that both sides forgive the same things. Each of them leaves its own results as they are.
 */

/** Characters of names that Unicode's own folding keeps apart; each line folds to its first. */
const VARIANT_LINES = [
  '高髙',
  '崎﨑嵜',
  '辺邊邉',
  '斎齋斉齊',
  '浜濵濱',
  '吉𠮷',
  '沢澤',
  '広廣',
  '国國',
  '島嶋嶌',
  '真眞',
];
const VARIANTS = new Map(
  VARIANT_LINES.flatMap((line) => {
    const [first = '', ...others] = [...line];
    return others.map((other) => [other, first] as const);
  }),
);
/** What is written otherwise in a key: variants and hiragana; spaces and middle dots are left out. */
const FOLDED = new RegExp(`[ぁ-ゖ\\s・${[...VARIANTS.keys()].join('')}]`, 'gu');

/**
 * Names as most are written, which the rules below only take the spaces out of: common Chinese characters but the variants,
 * and katakana; nothing that could be part of a form of company.
 */
const COMMON = new RegExp(
  `^(?:[${without([...VARIANTS.keys(), '社'], 0x4e00, 0x9fff)}ァ-カキ-ヺー]|ガ(?!イシャ))+$`,
  'u',
);
const SPACES = /[ \u3000]+/gu;

const COMPANY_FORMS =
  /株式会社|有限会社|合同会社|\((?:株|有|同)\)|^カ\)|\(カ\)?$|^(?:カブシキ|ユウゲン|ゴウドウ)ガイシャ|(?:カブシキ|ユウゲン|ゴウドウ)ガイシャ$/gu;
const SMALL_KANA = new Map(
  [...'ァィゥェォャュョヮッヂヅヲ'].map((kana, at) => [kana, [...'アイウエオヤユヨワツジズオ'][at] ?? kana]),
);
const SMALL = /[ァィゥェォャュョヮッヂヅヲ]/gu;

/** Keys of a holder's row, '' for blank values. A name in Latin letters is its own reading. */
export function searchKeysOf(person: Readonly<Record<'name' | 'reading' | 'email' | 'phone', string>>): SearchKeys {
  const spoken =
    person.reading === '' && /^[\p{Script=Latin}\s'.-]+$/u.test(person.name) ? person.name : person.reading;
  return {
    name: nameKey(person.name),
    givenName: nameKey(givenPart(person.name)),
    reading: readingKey(spoken),
    givenReading: readingKey(givenPart(spoken)),
    email: emailKey(person.email),
    phone: phoneKey(person.phone),
  };
}

/** In the order of the columns that they are staged in. */
export function stagedKeys(row: Readonly<Record<'name' | 'name_kana' | 'email' | 'phone', string>>): string[] {
  const { name, name_kana: reading, email, phone } = row;
  const keys = searchKeysOf({ name, reading, email, phone });
  return [keys.name, keys.givenName, keys.reading, keys.givenReading, keys.email, keys.phone];
}

/** What stands after the first space, as Japanese names are written; '' without a space. */
function givenPart(name: string): string {
  return name
    .trim()
    .split(/[\s\u3000]+/u)
    .slice(1)
    .join('');
}

/** Romaji does not say where ン ends and a vowel begins: shinichi is シンイチ as often as シニチ. */
const JOINED_N: Readonly<Record<string, string>> = {
  ア: 'ナ',
  イ: 'ニ',
  ウ: 'ヌ',
  エ: 'ネ',
  オ: 'ノ',
  ヤ: 'ニヤ',
  ユ: 'ニユ',
  ヨ: 'ニヨ',
};

/** A name as written: half width, variants and spaces forgiven, hiragana as katakana, no form of company. */
export function nameKey(name: string): string {
  const joined = name.replace(SPACES, '');
  return COMMON.test(joined) ? joined : settled(bareName, name);
}

function bareName(name: string): string {
  const folded = name.normalize('NFKC').toLowerCase().replace(FOLDED, foldCharacter);
  const bare = folded.replace(COMPANY_FORMS, '');
  return bare === '' ? folded : bare;
}

function foldCharacter(character: string): string {
  const variant = VARIANTS.get(character);
  if (variant !== undefined) return variant;
  return character >= 'ぁ' && character <= 'ゖ' ? toNextBlock(character) : '';
}

/** A reading from kana or romaji, with long vowels, small kana and spaces forgiven. */
export function readingKey(reading: string): string {
  return settled(plainReading, reading);
}

function plainReading(reading: string): string {
  const folded = nameKey(reading);
  if (SHORT.test(folded)) return folded;
  const kana = /^[a-z'āīūēōâîûêô-]+$/u.test(folded) ? toKatakana(plainRomaji(folded)) : folded;
  const large = kana.replace(SMALL, (character) => SMALL_KANA.get(character) ?? character);
  return shortVowels(large.replaceAll(/ン[アイウエオヤユヨ]/gu, (sounds) => JOINED_N[sounds[1] ?? ''] ?? sounds));
}

/** Digits only, a Japanese number with its leading zero whether written +81 or 0. */
export function phoneKey(phone: string): string {
  if (/^0[\d-]*$/u.test(phone)) return phone.replaceAll('-', '');
  const plain = phone.normalize('NFKC').replace(/[^\d+]/gu, '');
  return plain.replace(/^\+810?/u, '0').replaceAll('+', '');
}

export function emailKey(email: string): string {
  if (/^[!-@[-~]*$/u.test(email)) return email;
  return email.normalize('NFKC').trim().toLowerCase();
}

/** A date of birth as YYYYMMDD, however year, month and day are set apart; '' for what is no whole date. */
export function birthDateKey(birthDate: string): string {
  const [, year = '', month = '', day = ''] =
    /^\s*(\d{4})\s*[-/.年]?\s*(\d{1,2})\s*[-/.月]?\s*(\d{1,2})\s*日?\s*$/u.exec(birthDate.normalize('NFKC')) ?? [];
  return year && `${year}${month.padStart(2, '0')}${day.padStart(2, '0')}`;
}

/** Taking one thing away can bring another to light (a form of company within a form of company), so until nothing changes. */
function settled(fold: (text: string) => string, text: string): string {
  let [before, after] = [text, fold(text)];
  while (after !== before) [before, after] = [after, fold(after)];
  return after;
}

function toNextBlock(hiragana: string): string {
  return String.fromCodePoint((hiragana.codePointAt(0) ?? 0) + 0x60);
}

/** Long vowels written as marks or with h, and m before b, m and p, as in passports. */
function plainRomaji(romaji: string): string {
  return romaji
    .normalize('NFD')
    .replace(/[\u0300-\u036f-]/gu, '')
    .replace(/oh(?![aiueoy])/gu, 'o')
    .replace(/m(?=[bmp])/gu, 'n');
}

const O_ROW = 'オコソトノホモヨロゴゾドボポ';
const U_ROW = 'ウクスツヌフムユルグズブプ';

/** A long vowel may be written with more than one sign. */
const LONG = new RegExp(`([${O_ROW}])[ーウオ]+|([${U_ROW}])[ーウ]+|ー`, 'gu');

/** A reading in which nothing below would be written otherwise, as half of all are and all keys: no sign of a long vowel, nothing small. */
const SHORT = new RegExp(
  `^(?:[[ア-ヺ]--[${[...SMALL_KANA.keys()].join('')}ン${O_ROW}${U_ROW}]]|ン(?![アイウエオヤユヨ])|[${O_ROW}](?![ウオ])|[${U_ROW}](?!ウ))+$`,
  'v',
);

function shortVowels(kana: string): string {
  return kana.replace(LONG, '$1$2');
}

/** A range of characters for a regular expression, without some of them. */
function without(characters: readonly string[], first: number, last: number): string {
  const left = characters
    .map((character) => character.codePointAt(0) ?? 0)
    .filter((code) => code >= first && code <= last)
    .sort((a, b) => a - b);
  const from = [first, ...left.map((code) => code + 1)];
  return from
    .map((start, at) => [start, (left[at] ?? last + 1) - 1] as const)
    .filter(([start, end]) => start <= end)
    .map(([start, end]) => `\\u{${start.toString(16)}}-\\u{${end.toString(16)}}`)
    .join('');
}
