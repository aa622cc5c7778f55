/** One for each personal field; none of them is a word that anything else uses. */
export const CANARY = {
  name: '金糸雀谷 啼鳥',
  kana: 'キンシジャクダニ テイチョウ',
  email: 'kinshijaku.canary@teicho.example.org',
  phone: '090-7734-9183',
  birthDate: '1931-07-29',
  words: 'Kanarienvogel 雀谷の内緒話',
} as const;

/** As they are written, as keys of the search are, as an address or JSON would carry them. */
const SOUGHT = [
  ...Object.values(CANARY),
  ...Object.values(CANARY).map((value) => encodeURIComponent(value)),
  ...Object.values(CANARY).map((value) => Buffer.from(value).toString('base64').slice(0, -4)),
  '金糸雀谷',
  'キンシジャク',
  'きんしじゃく',
  'kinshijaku',
  'teicho',
  '9077349183',
  '77349183',
  '7734-9183',
  'Kanarienvogel',
  '内緒話',
].map((canary) => canary.toLowerCase());

/** Which canaries are in a text. */
export function canariesIn(text: string): string[] {
  const low = text.toLowerCase();
  return SOUGHT.filter((canary) => low.includes(canary));
}

/** Whatever a program might put an address into. */
const ADDRESS = /"(?:href|url|\w*Href|\w*Url|nextCursor|instance)":"([^"]*)"/g;

/** Which canaries are in addresses of an answer, cursors read as whoever gets them can. */
export function canariesInAddresses(answer: string): string[] {
  return [...answer.matchAll(ADDRESS)].flatMap(([, address = '']) =>
    canariesIn(address + Buffer.from(address, 'base64url').toString()),
  );
}

/** Nobody's name, mail address or phone number belongs into a log, whoever's it is; logs are written in English. */
const PERSONAL = [
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\uff66-\uff9f]/u,
  /[\w.%+-]+@(?:[\w-]+\.)+[a-z]{2,}/i,
  /(?<![\w.:-])(?:\+81|0)[ -]?\d{1,3}[ -]\d{3,4}[ -]\d{4}(?!\d)/,
];

/** The lines of a log with a canary or anybody's personal data. */
export function leakingLines(log: string): string[] {
  return log
    .split('\n')
    .filter((line) => canariesIn(line).length > 0 || PERSONAL.some((pattern) => pattern.test(line)))
    .map((line) => line.slice(0, 600));
}
