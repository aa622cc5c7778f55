import { staffToken } from '../harness/staff.js';
import { createBatchWorld, draft, quantities, type BatchWorld } from '../credit-batch/batches.js';

interface HolderBody {
  readonly customerNo: string;
  readonly name: string | null;
  readonly claims: {
    claimNo: string;
    amountJpy: string;
    underReview: boolean;
    creditBatch: { id: string; status: string } | null;
  }[];
  readonly code: string;
}

describe('the call centre', () => {
  let world: BatchWorld;
  let agent: string;
  let claimNo: string;

  beforeAll(async () => {
    world = await createBatchWorld(quantities(3));
    agent = (await staffToken(world.server, 'support_agent')).token;
    await world.server.database.asSuperuser(
      `SET session_replication_role = replica; UPDATE holder SET name = '山田 太郎', name_kana = 'ヤマダ タロウ', email = 'taro.yamada@example.jp', phone = '090-1234-5642', birth_date = '1980-01-02' WHERE customer_no = 'C2'`,
    );
    const [row] = await world.server.database.asSuperuser<{ claim_no: string }>(
      `SELECT claim_no FROM claim c JOIN holder h ON h.id = c.holder_id WHERE customer_no = 'C2'`,
    );
    claimNo = row?.claim_no ?? '';
  });
  afterAll(() => world.server.close());

  const get = <B = HolderBody>(path: string, token = agent) => world.server.call<B>('GET', path, { token });
  const search = (q: string) =>
    get<{ items: HolderBody[]; code: string }>(`/v1/holders/search?q=${encodeURIComponent(q)}`);

  it('finds a holder by customer number and by claim number as read out, with everything about the person masked', async () => {
    const byCustomer = await search('C2');
    const byClaim = await search(` ${claimNo.slice(0, 4)}-${claimNo.slice(4, 8)}-${claimNo.slice(8)} `);
    expect(byCustomer.status).toBe(200);
    expect(byClaim.body.items.map(({ customerNo }) => customerNo)).toEqual(['C2']);
    expect(byCustomer.body.items).toMatchObject([
      {
        customerNo: 'C2',
        name: '山* 太*',
        nameKana: 'ヤ** タ**',
        email: 't***@***.jp',
        phone: '***-****-**42',
      },
    ]);
    for (const secret of ['山田', '太郎', 'ヤマダ', 'yamada', '5642', '1980'])
      expect(JSON.stringify(byCustomer.body)).not.toContain(secret);
  });

  it('shows claim, amount, batch and a hold as the one neutral fact that it is under review', async () => {
    const { body: batch } = await draft(world);
    await world.server.database.asSuperuser(
      `INSERT INTO claim_hold (claim_id, visibility, status, reason_code, reason_text, content_hash)
       SELECT id, 'open', 'active', 'no_wallet', 'The account is closed.', repeat('a', 64) FROM claim WHERE claim_no = $1`,
      [claimNo],
    );
    const { body } = await get('/v1/holders/C2');
    expect(body.claims).toMatchObject([
      {
        claimNo,
        status: 'approved',
        underReview: true,
        amountJpy: world.amounts[1]?.toString(),
        creditBatch: { id: batch.id, status: 'draft', label: 'NEM補償金' },
      },
    ]);
    expect(JSON.stringify(body)).not.toMatch(/no_wallet|closed\./);
  });

  it('says what is wrong with what was typed', async () => {
    const wrongDigit = claimNo.slice(0, 11) + ((Number(claimNo[11]) + 1) % 10);
    expect(await search(wrongDigit)).toMatchObject({ status: 400, body: { code: 'claim_no_mistyped' } });
    expect(await search('C999')).toMatchObject({ status: 200, body: { items: [] } });
    expect(await search('')).toMatchObject({ status: 400, body: { code: 'validation_failed' } });
    expect(await get('/v1/holders/search')).toMatchObject({ status: 400, body: { code: 'validation_failed' } });
    expect(await get('/v1/holders/search?q=C1&fields=all')).toMatchObject({ status: 400 });
    for (const query of ['', '?q=', '?q=%20', `?q=${'x'.repeat(201)}`, '?q=C1&q=C2', '?q[]=C1', '?Q=C1'])
      expect(await get(`/v1/holders/search${query}`)).toMatchObject({ status: 400 });
    expect(await get('/v1/holders/C999')).toMatchObject({ status: 404, body: { code: 'holder_not_found' } });
    expect(await get(`/v1/holders/${encodeURIComponent("C1' OR true--")}`)).toMatchObject({
      status: 404,
      body: { code: 'holder_not_found' },
    });
  });

  it('is for those who speak with customers and those who check them', async () => {
    for (const role of ['team_lead', 'claims_officer', 'compliance', 'auditor'] as const) {
      expect((await get('/v1/holders/C1', (await staffToken(world.server, role)).token)).status).toBe(200);
    }
    for (const role of ['finance_maker', 'finance_checker', 'administrator'] as const) {
      expect((await get('/v1/holders/C1', (await staffToken(world.server, role)).token)).status).toBe(403);
    }
    expect((await get('/v1/holders/C1', 'nonsense')).status).toBe(401);
  });
});
