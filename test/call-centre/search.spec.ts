import fc from 'fast-check';
import type { HolderSearchView } from '../../src/call-centre/search.views.js';
import { createTestApp, type TestApp } from '../harness/app.js';
import { createStaff, staffToken } from '../harness/staff.js';
import { populate } from './searchable.js';

describe('the one box of the call centre', () => {
  let server: TestApp;
  let token: string;
  beforeAll(async () => {
    server = await createTestApp();
    await populate(server.database, 5_000);
    ({ token } = await staffToken(server, 'support_agent'));
  });
  afterAll(() => server.close());

  const search = (q: string, as = token) =>
    server.call<HolderSearchView & { code: string }>('GET', `/v1/holders/search?q=${encodeURIComponent(q)}`, {
      token: as,
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
});
