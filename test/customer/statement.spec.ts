import { parse } from 'csv-parse/sync';
import { statementOf } from '../../src/customer/statement.js';
import type { CustomerClaimView } from '../../src/customer/customer.views.js';
import { jstDate } from '../../src/platform/clock/jst.js';
import { approvedBatch, createBatchWorld, execute, quantities, type BatchWorld } from '../credit-batch/batches.js';
import { customerToken } from '../harness/customer.js';
import { pdfText } from '../harness/pdf-text.js';
import { staffToken } from '../harness/staff.js';
import type { HolderSearchView } from '../../src/call-centre/search.views.js';

describe('a customer’s statement', () => {
  let world: BatchWorld;
  let token: string;
  beforeAll(async () => {
    world = await createBatchWorld(quantities(3));
    await execute(world, (await approvedBatch(world)).id);
    token = await customerToken(world.server, 'C2');
  });
  afterAll(() => world.server.close());

  const get = async (path: string) => {
    const headers = { authorization: `Bearer ${token}` };
    return world.server.app.inject({ method: 'GET', url: path, headers });
  };
  const claim = async () => (await get('/v1/me/claim')).json<CustomerClaimView>();

  it('as a PDF can be read by programs, in Japanese and English', async () => {
    const answer = await get('/v1/me/statement.pdf');
    expect(answer.headers).toMatchObject({ 'content-type': 'application/pdf', 'cache-control': 'no-store' });
    const text = pdfText(answer.rawPayload);
    const { claimNo, amount } = await claim();
    for (const said of [
      'NEM補償金 計算書',
      'Statement of NEM compensation',
      `文書番号 ${claimNo}-`,
      amount?.calculation.ja,
      jstDate(new Date()),
      `${jstDate(new Date()).slice(0, 4)}年`,
      'No.1525',
      '源泉徴収は行っていません',
      'No tax was withheld',
    ]) {
      expect(text.replaceAll('\n', '')).toContain(said);
    }
    expect(text).not.toMatch(/所得|income|損害賠償|\?/);
  });

  it('as CSV says the same, under the same number', async () => {
    const answer = await get('/v1/me/statement.csv');
    const rows = parse(answer.body, { bom: true });
    const said = Object.fromEntries(rows.map(([label, value]) => [label, value]));
    const { claimNo, amount, credit } = await claim();
    expect(said).toMatchObject({
      お客様番号: 'C2',
      補償番号: claimNo,
      状況: '残高反映済み',
      計算: amount?.calculation.ja,
      反映日: credit?.postingDate,
      摘要: 'NEM補償金',
    });
    expect(pdfText((await get('/v1/me/statement.pdf')).rawPayload)).toContain(`文書番号 ${said.文書番号}`);
  });

  it('is found again by its number, which an agent may type as it stands', async () => {
    const { statementNo } = statementOf(await claim(), 'individual');
    const agent = await staffToken(world.server, 'support_agent');
    for (const q of [statementNo, statementNo.toLowerCase(), ` ${statementNo} `]) {
      const { body } = await world.server.call<HolderSearchView>(
        'GET',
        `/v1/holders/search?q=${encodeURIComponent(q)}`,
        { token: agent.token },
      );
      expect(body.items).toMatchObject([{ customerNo: 'C2', matched: { code: 'claim_no' } }]);
    }
  });

  it('names another tax office to companies and to those abroad, and changes its number with its content', async () => {
    const own = await claim();
    const notes = (['individual', 'company', 'abroad'] as const).map((group) => statementOf(own, group).notes[0]?.ja);
    expect(new Set(notes).size).toBe(3);
    const other = { ...own, credit: null };
    expect(statementOf(other, 'individual').statementNo).not.toBe(statementOf(own, 'individual').statementNo);
    expect(JSON.stringify(statementOf(other, 'individual'))).not.toContain('1525');
  });
});
