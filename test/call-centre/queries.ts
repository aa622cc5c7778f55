import type { ReferenceHolder } from './reference-data.js';

/** What callers say and agents type of the planted people, and which of them must come first among all holders of the reference case. */
export const QUERIES: readonly (readonly [string, readonly string[]])[] = [
  [
    'P01',
    [
      'P01',
      ' P01 ',
      '大野 梓紗',
      '大野梓紗',
      '大野　梓紗',
      'オオノ アズサ',
      'おおのあずさ',
      'ｵｵﾉ ｱｽﾞｻ',
      'ohno azusa',
      'ono azusa',
      'oono azusa',
      'ōno azusa',
      'Azusa Ohno',
      'AZUSA ONO',
      '梓紗',
      'azusa',
      'アズサ',
      '大野 5678',
      '5678 大野',
      '大野 梓紗 0412',
      'おおの あずさ 5678',
      'ono azusa 0412',
      '大野 1980-04-12',
      '大野 19800412',
      'azusa.ohno@example.org',
      'AZUSA.OHNO@EXAMPLE.ORG',
      'azusa.ohno@',
      '09070015678',
      '090-7001-5678',
      '０９０－７００１－５６７８',
      '090 7001 5678',
      '+81 90-7001-5678',
      '+81(0)90 7001 5678',
      '(090)7001-5678',
      '090700156',
      'ohno azussa',
      'oono azusaa',
      'オオノ アズザ',
      'ohno azuza',
    ],
  ],
  [
    'P02',
    [
      '髙﨑 𠮷乃',
      '高崎 吉乃',
      '髙崎𠮷乃',
      '高﨑吉乃',
      'タカサキ ヨシノ',
      'たかさき よしの',
      'takasaki yoshino',
      'yoshino takasaki',
      '0357000001',
      '03-5700-0001',
      '高崎 1231',
      'yoshino@example.org',
    ],
  ],
  [
    'P03',
    [
      '渡邉 譲二',
      '渡邊 譲二',
      '渡辺譲二',
      'ワタナベ ジョウジ',
      'わたなべ じょうじ',
      'watanabe joji',
      'watanabe jouji',
      'watanabe zyozi',
      'watanabe zyouzi',
      'ﾜﾀﾅﾍﾞ ｼﾞｮｳｼﾞ',
      '08070020002',
      '+818070020002',
      '渡辺 譲二 0102',
      'watanabe jorji',
      'wtanabe joji',
      'わたなべ じょうに',
      '譲二',
    ],
  ],
  [
    'P04',
    [
      '齋藤 優一',
      '斎藤優一',
      '斉藤優一',
      '齊藤優一',
      'サイトウユウイチ',
      'saito yuichi',
      'saitou yuuichi',
      'saitoh yuuichi 0003',
      'yuichi saito',
      '070-7003-0003',
      'yuichi_s@example.org',
      '斉藤 優一',
      '齋藤優一 0720',
    ],
  ],
  [
    'P05',
    [
      '濵田 真一',
      '浜田 真一',
      '濱田眞一',
      'hamada shinichi 0004',
      'hamada sinichi 0004',
      "hamada shin'ichi 0004",
      'ハマダシンイチ 0229',
      'hamada%test@example.org',
    ],
  ],
  [
    'P06',
    [
      '株式会社月影製薬',
      '月影製薬',
      '(株)月影製薬',
      '㈱月影製薬',
      '月影',
      'ツキカゲセイヤク',
      'つきかげ',
      'tsukikage',
      'tukikage',
      'tsukikage seyaku',
      'つきかげせいや',
      'ツキカゲセイヤク カ)',
      '有限会社月影製薬',
      'tsukikage seiyaku',
      'カブシキガイシャ ツキカゲセイヤク',
      'info@tsukikage.example.org',
      '0670050005',
    ],
  ],
  [
    'P07',
    [
      '㈱北極星',
      '北極星',
      '株式会社北極星',
      'ホッキョクセイ',
      'カ)ホッキョクセイ',
      'hokkyokusei',
      'hokkyokuse',
      'hokyokusei',
      'ホッキョクセイ(カ',
      '(株)北極星',
      '0117006006',
    ],
  ],
  [
    'P08',
    [
      'Zaphod Quillfeather',
      'Quillfeather Zaphod',
      'zaphod',
      'QUILLFEATHER',
      'zaphod quilfeather',
      'Zafod Quillfeather',
      'quillfeathr zaphod',
      '+1 212 555 0188',
      'zaphod@example.com',
    ],
  ],
  [
    'P09',
    [
      '本間 順平',
      'honma junpei',
      'homma jumpei',
      'ホンマジュンペイ',
      'ほんま じゅんぺい',
      'junpei honma',
      '本間順平 0303',
      'honma junpe',
      'ホンマ ジュンペエ',
    ],
  ],
  [
    'P10',
    [
      '新妻 京子',
      'ニイヅマ キョウコ',
      'にいずま きょうこ',
      'niizuma kyoko',
      'niiduma kyouko',
      'nīzuma kyōko',
      'niitsuma kyouko',
      'ﾆｲﾂﾞﾏ ｷｮｳｺ',
    ],
  ],
  [
    'P11',
    [
      '勅使河原',
      '勅使河原龍之介',
      'てしがわら',
      'teshigawara',
      'tesigawara',
      'teshigawara ryunosuke',
      'ryūnosuke teshigawara',
      'テシカワラリュウノスケ',
      'てしがわらりゅのすけ',
      'teshigahara ryunosuke',
      'tesigawara ryunosuk',
      'てしがわら りゅうのすげ',
    ],
  ],
  [
    'P12',
    ['佐藤 誠 9753', '佐藤誠 9753', 'サトウ マコト 9753', 'sato makoto 9753', 'makoto satou 9753', '佐藤 誠 0419'],
  ],
  ['P13', ['佐藤 誠 8642', 'さとう まこと 1007', 'satoh makoto 19921007']],
  [
    'P14',
    [
      '小鳥遊',
      '小鳥遊つばさ',
      'たかなし つばさ 0011',
      '小鳥遊 ツバサ',
      'takanashi tsubasa 0606',
      'takanasi tubasa',
      'takanashi tsubsa',
    ],
  ],
  [
    'P15',
    ['ひらがなだけ', 'ヒラガナダケ', 'hiraganadake hanako', 'ひらがなだけはなこ', 'hiragandake hanako', 'ﾋﾗｶﾞﾅﾀﾞｹ ﾊﾅｺ'],
  ],
];

/** What holders of the reference case themselves would say; `four` is what tells them from all of the same name or reading. */
export function queriesOf(holder: ReferenceHolder): readonly string[] {
  const { customerNo, name, nameKana, email, phone, birthDate } = holder;
  const [given = '', surname = ''] = (email.split('@')[0] ?? '').replace(/\d+$/, '').split('.');
  const [lastFour, birthday] = [phone.slice(-4), birthDate.slice(5).replace('-', '')];
  const digits = phone.replaceAll('-', '');
  return [
    customerNo,
    fullWidth(customerNo),
    `${name} ${lastFour}`,
    `${name.replace(' ', '')} ${birthday}`,
    `${nameKana} ${lastFour}`,
    `${hiragana(nameKana)} ${birthday}`,
    `${halfWidth(nameKana)}　${lastFour}`,
    `${surname} ${given} ${lastFour}`,
    `${given} ${surname} ${birthday}`.toUpperCase(),
    `${name} ${birthDate}`,
    phone,
    digits,
    fullWidth(phone),
    `+81 ${digits.slice(1)}`,
    email,
    email.toUpperCase(),
  ];
}

/** Some of them, far apart in the file, whose four digits nobody of the same reading shares. */
export function sampleOf(holders: Iterable<ReferenceHolder>, count: number): ReferenceHolder[] {
  const all = [...holders];
  const namesakes = Map.groupBy(all, ({ nameKana }) => nameKana);
  const phones = new Map<string, number>();
  for (const { phone } of all) phones.set(phone, (phones.get(phone) ?? 0) + 1);
  const tells = (holder: ReferenceHolder) =>
    fourDigitsOf(holder).every(
      (four) => namesakes.get(holder.nameKana)?.filter((other) => fourDigitsOf(other).includes(four)).length === 1,
    );
  const clear = all.filter(
    (holder) =>
      holder.kind === 'individual' &&
      [holder.name, holder.nameKana, holder.phone, holder.birthDate].every((value) => value !== '') &&
      phones.get(holder.phone) === 1 &&
      tells(holder),
  );
  return Array.from({ length: count }, (_, n) => clear[Math.floor((n * clear.length) / count)]).filter(
    (holder) => holder !== undefined,
  );
}

function fourDigitsOf({ phone, birthDate }: ReferenceHolder): string[] {
  return [phone.slice(-4), birthDate.slice(5).replace('-', '')];
}

const hiragana = (katakana: string) =>
  katakana.replaceAll(/[ァ-ヶ]/gu, (kana) => String.fromCodePoint((kana.codePointAt(0) ?? 0) - 0x60));

const fullWidth = (text: string) =>
  text.replaceAll(/[!-~]/gu, (character) => String.fromCodePoint((character.codePointAt(0) ?? 0) + 0xfee0));

/** Each half-width kana and mark by the full-width one that Unicode makes of it; voiced ones are two characters. */
const HALF_WIDTH = new Map([
  ...Array.from({ length: 0xff9d - 0xff66 + 1 }, (_, n) => String.fromCodePoint(0xff66 + n)).map(
    (half) => [half.normalize('NFKC'), half] as const,
  ),
  ['\u3099', 'ﾞ'] as const,
  ['\u309a', 'ﾟ'] as const,
]);
const halfWidth = (katakana: string) =>
  [...katakana.normalize('NFD')].map((character) => HALF_WIDTH.get(character) ?? character).join('');
