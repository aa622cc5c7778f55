import { parse } from 'csv-parse/sync';
import { formatClaimNo } from '../../src/claim/claim-no.js';
import type { BulkLookUpView } from '../../src/call-centre/bulk-look-up/bulk-look-up.dto.js';
import type { HolderView } from '../../src/call-centre/call-centre.views.js';
import type { HolderSearchView } from '../../src/call-centre/search.views.js';
import { claimNoOf } from '../claim/claims.js';
import { createTestApp, type TestApp } from '../harness/app.js';
import { eventually } from '../harness/eventually.js';
import { staffToken } from '../harness/staff.js';
import { recordStatements } from '../harness/statements.js';
import { QUERIES, queriesOf, sampleOf } from './queries.js';
import { arrangeReferenceClaims, importReferenceCase, referenceHolders } from './reference-data.js';

type Line = Readonly<Record<string, string>>;

const PLANTED = QUERIES.flatMap(([customerNo, said]) => said.map((q) => [q, customerNo] as const));
const DRAWN = sampleOf(referenceHolders(), 10).flatMap((holder) =>
  queriesOf(holder).map((q) => [q, holder.customerNo] as const),
);
const MOST_KEYS = 50_000;

describe('all 260,000 holders of the reference case', () => {
  let server: TestApp;
  let agent: string;
  beforeAll(async () => {
    server = await createTestApp();
    await importReferenceCase(server);
    await arrangeReferenceClaims(server);
    agent = (await staffToken(server, 'support_agent')).token;
  }, 300_000);
  afterAll(() => server.close());

  const search = async (q: string) =>
    (await server.call<HolderSearchView>('GET', `/v1/holders/search?q=${encodeURIComponent(q)}`, { token: agent })).body
      .items;

  it('are searched by at least 120 questions about the planted and as many about the others', () => {
    expect(PLANTED.length).toBeGreaterThanOrEqual(120);
    expect(DRAWN.length).toBeGreaterThanOrEqual(120);
  });

  it.each([...PLANTED, ...DRAWN])('%s finds %s first', async (q, customerNo) => {
    expect((await search(q))[0]?.customerNo).toBe(customerNo);
  });

  it('are found by the claim number, however it is written', async () => {
    const claimNo = await claimNoOf(server, 'P11');
    const spelt = claimNo.replaceAll('0', 'O').replaceAll('1', 'I');
    for (const q of [claimNo, formatClaimNo(claimNo), formatClaimNo(spelt), ` ${claimNo.normalize('NFKC')}　`])
      expect((await search(q))[0]).toMatchObject({
        customerNo: 'P11',
        matched: { code: 'claim_no' },
        claim: { claimNo },
      });
  });

  it.each([
    ['a customer number', 'P11'],
    ['a claim number', '4758-2365-3196'],
    ['a name', '勅使河原'],
    ['a common name', '佐藤'],
    ['a name and four digits', '佐藤 誠 9753'],
    ['a name and a birthday', '佐藤 誠 19710419'],
    ['a common surname and four digits', '佐藤 9753'],
    ['variant characters', '髙﨑 𠮷乃'],
    ['a company', '(株)月影製薬'],
    ['a reading', 'てしがわら'],
    ['half-width kana', 'ﾃｼｶﾞﾜﾗ'],
    ['one kana', 'サ'],
    ['one kanji', '佐'],
    ['one letter', 's'],
    ['romaji', 'teshigawara ryunosuke'],
    ['something that sounds alike', 'テシカワラリユノスケ'],
    ['the beginning of a mail address', 'ryu@'],
    ['a mail address', 'ryu@example.org'],
    ['the beginning of a phone number', '090-70'],
    ['a phone number', '+81 90-7009-0009'],
  ])('are never read one by one for %s', async (_what, q) => {
    const sent = await recordStatements(() => search(q));
    const finding = sent.filter(({ text }) => /FROM holder/.test(text) && /AS own/.test(text));
    expect(finding.length).toBeGreaterThan(0);
    for (const { text, values } of finding) {
      const rows = await server.database.asSuperuser<{ 'QUERY PLAN': string }>(`EXPLAIN ${text}`, [...values]);
      const plan = rows.map((row) => row['QUERY PLAN']).join('\n');
      expect(plan).toMatch(/Index (Only )?Scan/);
      // Members of staff and their relatives are few enough to be read whole.
      expect(plan).not.toMatch(/Seq Scan on (?!staff)/);
    }
  });

  it('have a reason each for what is not credited, and none for what is', async () => {
    const all = await server.database.asSuperuser<{ customer_no: string; status: string }>(
      'SELECT h.customer_no, c.status FROM claim c JOIN holder h ON h.id = c.holder_id',
    );
    expect(all.length).toBeGreaterThan(260_000);
    const met = new Map<string, string>();
    for (let from = 0; from < all.length; from += MOST_KEYS) {
      const some = all.slice(from, from + MOST_KEYS);
      const lines = await lookUp(some.map(({ customer_no: customerNo }) => customerNo));
      expect(lines.length).toBe(some.length);
      expect(lines.filter(({ result }) => result !== 'found')).toEqual([]);
      expect(lines.filter(({ state, reasons }) => (state === 'credited') !== (reasons === ''))).toEqual([]);
      for (const { reasons = '', customer_no: customerNo = '' } of lines) met.set(reasons, customerNo);
    }
    expect([...met.keys()].flatMap((reasons) => reasons.split(' '))).toEqual(
      expect.arrayContaining(['', 'under_review', 'not_approved', 'not_in_batch', 'rejected']),
    );
    for (const [reasons, customerNo] of met) {
      const { body } = await server.call<HolderView>('GET', `/v1/holders/${customerNo}`, { token: agent });
      expect(body.claims[0]?.whyNotCredited.map(({ code }) => code).join(' ')).toBe(reasons);
    }
  }, 300_000);

  /** As a team lead looks many up at once. */
  const lookUp = async (keys: readonly string[]): Promise<Line[]> => {
    const { token } = await staffToken(server, 'team_lead');
    const headers = { authorization: `Bearer ${token}` };
    const form = new FormData();
    form.set('file', new Blob([`key\n${keys.join('\n')}\n`]), 'keys.csv');
    const url = (await server.app.getUrl()).replace('[::1]', '127.0.0.1');
    const asked = await fetch(`${url}/v1/bulk-look-ups`, { method: 'POST', headers, body: form });
    const { id } = (await asked.json()) as BulkLookUpView;
    const { resultHref } = await eventually(async () => {
      const { body } = await server.call<BulkLookUpView>('GET', `/v1/bulk-look-ups/${id}`, { token });
      return body.status === 'answered' ? body : undefined;
    });
    const answer = await fetch(`${url}${resultHref}`, { headers });
    return parse<Line>(await answer.text(), { bom: true, columns: true });
  };
});
