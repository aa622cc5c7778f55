import fc from 'fast-check';
import type { HolderSearchView } from '../../src/call-centre/search.views.js';
import { FIND_HOLDERS, FIND_SIMILAR } from '../../src/call-centre/sql/find-holders.sql.js';
import { createTestApp, type TestApp } from '../harness/app.js';
import { createStaff, staffToken } from '../harness/staff.js';
import { populate } from './searchable.js';

/** What callers say and agents type, and who must come first. */
const QUERIES: readonly (readonly [string, readonly string[]])[] = [
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
      '大野 0412',
      'おおの 5678',
      'ono 0412',
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
      '0907001',
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
      '渡辺 0102',
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
      'tsukikage seiyaku',
      'カブシキガイシャ ツキカゲセイヤク',
      'info@tsukikage.example.org',
      '0670050005',
    ],
  ],
  ['P07', ['㈱北極星', '北極星', '株式会社北極星', 'ホッキョクセイ', 'カ)ホッキョクセイ', 'hokkyokusei', '0117006006']],
  ['P08', ['Zaphod Quillfeather', 'Quillfeather Zaphod', 'zaphod', 'QUILLFEATHER', 'zaphod@example.com']],
  ['P09', ['本間 順平', 'honma junpei', 'homma jumpei', 'ホンマジュンペイ', 'ほんま じゅんぺい', 'junpei honma']],
  ['P10', ['新妻 京子', 'ニイヅマ キョウコ', 'にいずま きょうこ', 'niizuma kyoko', 'niiduma kyouko', 'nīzuma kyōko']],
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
    ],
  ],
  [
    'P12',
    ['佐藤 誠 9753', '佐藤誠 9753', 'サトウ マコト 9753', 'sato makoto 9753', 'makoto satou 9753', '佐藤 誠 0419'],
  ],
  ['P13', ['佐藤 誠 8642', 'さとう まこと 1007', 'satoh makoto 19921007']],
  ['P14', ['小鳥遊', '小鳥遊つばさ', 'たかなし つばさ 0011', '小鳥遊 ツバサ', 'takanashi tsubasa 0606']],
  ['P15', ['ひらがなだけ', 'ヒラガナダケ', 'hiraganadake hanako', 'ひらがなだけはなこ']],
];

describe('the one box of the call centre', () => {
  let server: TestApp;
  let token: string;
  beforeAll(async () => {
    server = await createTestApp();
    await populate(server.database, 20_000);
    ({ token } = await staffToken(server, 'support_agent'));
  });
  afterAll(() => server.close());

  const search = (q: string, as = token) =>
    server.call<HolderSearchView & { code: string }>('GET', `/v1/holders/search?q=${encodeURIComponent(q)}`, {
      token: as,
    });

  const table = QUERIES.flatMap(([customerNo, said]) => said.map((q) => [q, customerNo] as const));

  it('is tried with at least 120 questions', () => {
    expect(table.length).toBeGreaterThanOrEqual(120);
  });

  it.each(table)('%s finds %s first', async (q, customerNo) => {
    const { body } = await search(q);
    expect(body.items?.[0]?.customerNo).toBe(customerNo);
  });

  it('says why, and shows nobody in clear', async () => {
    const { body } = await search('ohno azusa');
    expect(body.items[0]).toEqual({
      customerNo: 'P01',
      matched: { code: 'reading', text: { en: 'The name is read like this.', ja: '読みが一致' } },
      own: false,
      name: '大* 梓*',
      nameKana: 'オ** ア**',
      email: 'a***@***.org',
      phone: '***-****-**78',
      claim: null,
      lastContact: null,
    });
  });

  it('shows twenty and says how to narrow; one kana is enough for an answer', async () => {
    for (const q of ['サ', '佐藤', 'sa']) {
      const { status, body } = await search(q);
      expect([status, body.items.length]).toEqual([200, 20]);
      expect(body.hint?.ja).toContain('0412');
    }
    expect((await search('5678')).body).toMatchObject({
      items: [],
      hint: { en: expect.stringContaining('佐藤 誠 5678') as string },
    });
  });

  it('finds nobody for what nobody says, and stays calm about anything', async () => {
    for (const q of [
      '%',
      '_',
      '%%%',
      '\\',
      "' OR 1=1 --",
      '.*',
      '[a-z]+',
      '(',
      '😀',
      '👩‍👩‍👧‍👦',
      '\u0301\u0302\u0303',
      `さ${'\u0301'.repeat(190)}`,
      '; DELETE FROM holder',
      'が゛',
      '\u202eabc',
      '株式会社',
      'x'.repeat(200),
      '$1',
      '-',
      '@',
      '+',
    ]) {
      const { status, body } = await search(q);
      expect([q, status]).toEqual([q, 200]);
      expect(body.items.map(({ matched }) => matched.code)).not.toContain('name');
    }
    for (const q of ['', '   ', '\u3000\u00a0', 'あ'.repeat(10_000), '😀'.repeat(5_000)])
      expect((await search(q)).status).toBe(400);
  });

  it('whatever is asked ends in an answer', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary', minLength: 1, maxLength: 60 }), async (q) => {
        fc.pre(q.isWellFormed() && !q.includes('\0'));
        expect([200, 400]).toContain((await search(q)).status);
      }),
      { numRuns: 60 },
    );
  });

  it('one’s own record and a relative’s show only that somebody else must look', async () => {
    const agent = await createStaff(server, 'support_agent');
    await server.database.asSuperuser('UPDATE staff SET customer_no = $2 WHERE id = $1', [agent.staffId, 'P14']);
    const { body } = await search('小鳥遊', agent.token);
    expect(body.items).toEqual([
      expect.objectContaining({
        customerNo: 'P14',
        own: true,
        name: null,
        nameKana: null,
        email: null,
        phone: null,
        claim: null,
        lastContact: null,
      }),
    ]);
    expect((await search('小鳥遊')).body.items[0]).toMatchObject({ own: false, name: '小** つ**' });
  });

  it.each([
    ['a customer number', FIND_HOLDERS, 'holder_customer_no_key'],
    ['a claim number', FIND_HOLDERS, 'claim_claim_no_key'],
    ['a name', FIND_HOLDERS, 'holder_search_by_name'],
    ['a given name', FIND_HOLDERS, 'holder_search_by_given_name'],
    ['a reading', FIND_HOLDERS, 'holder_search_by_reading'],
    ['the reading of a given name', FIND_HOLDERS, 'holder_search_by_given_reading'],
    ['a mail address', FIND_HOLDERS, 'holder_search_by_email'],
    ['a phone number', FIND_HOLDERS, 'holder_search_by_phone'],
    ['something that sounds alike', FIND_SIMILAR, 'holder_search_like_reading'],
  ])('%s is found by an index', async (_what, statement, index) => {
    const plan = await planOf(statement);
    expect(plan).toMatch(new RegExp(String.raw`Index (Only )?Scan (using|on) ${index}\b`));
    expect(plan).not.toMatch(/Seq Scan on (holder|holder_search_key|claim|contact)\b/);
  });

  /** As the server has it planned: once, for whatever is asked. */
  async function planOf(statement: string): Promise<string> {
    const rows = await server.database.asSuperuser(`EXPLAIN (GENERIC_PLAN) ${statement}`);
    return rows.map((row) => row['QUERY PLAN']).join('\n');
  }
});
