import { toKatakana } from 'wanakana';

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

const COMPANY_FORMS = /株式会社|有限会社|合同会社|\((?:株|有|同)\)|^カ\)|\(カ\)?$/gu;
const SMALL_KANA = new Map(
  [...'ァィゥェォャュョヮッヂヅヲ'].map((kana, at) => [kana, [...'アイウエオヤユヨワツジズオ'][at] ?? kana]),
);

/** A name as written: half width, variants and spaces forgiven, hiragana as katakana, no form of company. */
export function nameKey(name: string): string {
  return settled(bareName, name);
}

function bareName(name: string): string {
  const folded = [
    ...name
      .normalize('NFKC')
      .toLowerCase()
      .replace(/[ぁ-ゖ]/gu, toNextBlock),
  ]
    .map((character) => VARIANTS.get(character) ?? character)
    .join('')
    .replace(/[\s・]/gu, '');
  const bare = folded.replace(COMPANY_FORMS, '');
  return bare === '' ? folded : bare;
}

/** A reading from kana or romaji, with long vowels, small kana and spaces forgiven. */
export function readingKey(reading: string): string {
  return settled(plainReading, reading);
}

function plainReading(reading: string): string {
  const folded = nameKey(reading);
  const kana = /^[a-z'āīūēōâîûêô-]+$/u.test(folded) ? toKatakana(plainRomaji(folded)) : folded;
  return shortVowels([...kana].map((character) => SMALL_KANA.get(character) ?? character).join(''));
}

/** Digits only, a Japanese number with its leading zero whether written +81 or 0. */
export function phoneKey(phone: string): string {
  const plain = phone.normalize('NFKC').replace(/[^\d+]/gu, '');
  return plain.replace(/^\+810?/u, '0').replaceAll('+', '');
}

export function emailKey(email: string): string {
  return email.normalize('NFKC').trim().toLowerCase();
}

/** Taking one thing away can bring another to light (a form of company within a form of company), so until nothing changes. */
function settled(fold: (text: string) => string, text: string): string {
  const folded = fold(text);
  return folded === text ? text : settled(fold, folded);
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

/** One after another, because a long vowel may be written with more than one sign. */
function shortVowels(kana: string): string {
  let short = '';
  for (const character of kana) {
    const before = [...short].at(-1) ?? '';
    const lengthens =
      character === 'ー' ||
      ((character === 'ウ' || character === 'オ') && O_ROW.includes(before) && before !== '') ||
      (character === 'ウ' && U_ROW.includes(before) && before !== '');
    if (!lengthens) short += character;
  }
  return short;
}
