import { randomUUID } from 'node:crypto';
import type { HolderUpdateView } from '../../src/holder/holder-update.dto.js';
import { decide, officers, post, type Officers } from '../claim/claims.js';
import { createTestApp, type Answer, type TestApp } from '../harness/app.js';
import { arrangeProgramme } from '../harness/programme.js';
import { staffToken } from '../harness/staff.js';

const COLUMNS =
  'customer_no,kind,name,name_kana,email,phone,birth_date,country,language,account_status,identity_status';
type Change = Readonly<Record<string, string>>;

function row(customerNo: string, change: Change = {}): string {
  const good: Record<string, string> = {
    customer_no: customerNo,
    kind: 'individual',
    name: '佐藤 誠',
    name_kana: 'サトウ マコト',
    email: `${customerNo.toLowerCase()}@before.test`,
    country: 'JP',
    language: 'ja',
    account_status: 'open',
    identity_status: 'none',
    ...change,
  };
  return COLUMNS.split(',')
    .map((column) => good[column] ?? '')
    .join(',');
}
const file = (...rows: string[]) => `${[COLUMNS, ...rows].join('\n')}\n`;

describe('a holder update', () => {
  let server: TestApp;
  let people: Officers;
  beforeAll(async () => {
    server = await createTestApp();
    await arrangeProgramme(server.database, {
      quantitiesMicroXem: Array<bigint>(8).fill(10_000_000n),
      fundJpy: 10_000n,
    });
    await server.database.asSuperuser(
      `SET session_replication_role = replica; UPDATE holder SET name = '佐藤 誠', name_kana = 'サトウ マコト', email = lower(customer_no) || '@before.test', phone = NULL, birth_date = NULL`,
    );
    people = await officers(server);
    expect((await post(server, people.maker, '/v1/claims/open')).status).toBe(200);
  });
  afterAll(() => server.close());

  const upload = async (content: string | null, fields: Change = {}): Promise<Answer<HolderUpdateView>> => {
    const boundary = `b${randomUUID()}`;
    const part = (head: string, value: string) =>
      `--${boundary}\r\nContent-Disposition: form-data; ${head}\r\n\r\n${value}\r\n`;
    const payload = [
      ...Object.entries(fields).map(([name, value]) => part(`name="${name}"`, value)),
      ...(content === null ? [] : [part('name="file"; filename="f.csv"', content)]),
      `--${boundary}--\r\n`,
    ].join('');
    const answer = await server.app.inject({
      method: 'POST',
      url: '/v1/holder-updates',
      headers: { authorization: `Bearer ${people.maker}`, 'content-type': `multipart/form-data; boundary=${boundary}` },
      payload,
    });
    return { status: answer.statusCode, body: JSON.parse(answer.body) as HolderUpdateView, headers: answer.headers };
  };
  const submit = (id: string) =>
    post<{ approvalRequest: { id: string } }>(server, people.maker, `/v1/holder-updates/${id}/submit`);
  const apply = async (id: string) => {
    const { body } = await submit(id);
    return decide(server, people.checker, body.approvalRequest.id);
  };
  const errorsOf = async (id: string) =>
    (await server.call<string>('GET', `/v1/holder-updates/${id}/errors.csv`, { token: people.maker })).body;
  const holder = async (customerNo: string) => {
    const [found] = await server.database.asSuperuser<Record<string, unknown>>(
      `SELECT h.name, h.email, h.phone, k.email_key, k.reading_key, (SELECT count(*)::int FROM holder_history x WHERE x.holder_id = h.id) AS versions,
         c.held FROM holder h LEFT JOIN holder_search_key k ON k.holder_id = h.id JOIN claim c ON c.holder_id = h.id WHERE customer_no = $1`,
      [customerNo],
    );
    return found ?? {};
  };

  it('says what would change, changes nothing, and is applied by a second person with all that follows', async () => {
    const { status, body } = await upload(
      file(row('C1', { email: 'c1@after.test' }), row('C2', { name_kana: 'カトウ マコト' }), row('C3'), row('X1')),
    );
    expect(status).toBe(201);
    expect(body).toMatchObject({
      status: 'ready',
      rowCount: '4',
      changedCount: '2',
      unknownCount: '1',
      errorCount: '0',
    });
    expect(body.changes).toMatchObject({ email: 1, name_kana: 1, name: 0, phone: 0 });
    expect(await holder('C1')).toMatchObject({ email: 'c1@before.test', held: false });

    const asked = await submit(body.id);
    const { id } = asked.body.approvalRequest;
    expect(await decide(server, people.maker, id)).toMatchObject({ status: 403, body: { code: 'maker_cannot_check' } });
    expect((await decide(server, people.checker, id)).body.outcome).toEqual({ appliedCount: '2', leftOut: '0' });
    expect(await holder('C1')).toMatchObject({
      email: 'c1@after.test',
      email_key: 'c1@after.test',
      versions: 1,
      held: true,
    });
    expect(await holder('C2')).toMatchObject({ reading_key: 'カトマコト', versions: 1, held: false });
    expect(await holder('C3')).toMatchObject({ versions: 0 });
    expect(await errorsOf(body.id)).toContain('5,customer_no,X1,customer_unknown');
    expect(await server.database.asSuperuser(`SELECT FROM holder WHERE customer_no = 'X1'`)).toEqual([]);
    const changes = await server.database.asSuperuser('SELECT origin, fields::text FROM contact_change');
    expect(changes).toEqual([{ origin: `holder_update:${body.id}`, fields: '{email}' }]);
    expect(await submit(body.id)).toMatchObject({ status: 409, body: { code: 'holder_update_not_ready' } });
    const [sums] = await server.database.asSuperuser('SELECT sum(quantity_xem)::text AS xem FROM frozen_balance');
    expect(sums).toEqual({ xem: '80.000000' });
  });

  it('leaves out, and names, whoever has changed since', async () => {
    const { body } = await upload(file(row('C4', { phone: '090-4444-4444' }), row('C5', { phone: '090-5555-5555' })));
    await post(server, people.maker, '/v1/holders/C4/contact-changes', {
      phone: '080-0000-4444',
      reason: 'new phone',
      reference: 'CALL-1',
    });
    expect((await apply(body.id)).body.outcome).toEqual({ appliedCount: '1', leftOut: '1' });
    expect([(await holder('C4'))['phone'], (await holder('C5'))['phone']]).toEqual(['080-0000-4444', '090-5555-5555']);
    expect(await errorsOf(body.id)).toContain('2,customer_no,C4,changed_meanwhile');
  });

  it('a refused one changes nobody and is over', async () => {
    const { body } = await upload(file(row('C6', { name: '加藤 誠' })));
    const { body: asked } = await submit(body.id);
    await decide(server, people.checker, asked.approvalRequest.id, 'refuse', 'wrong file');
    expect(await holder('C6')).toMatchObject({ name: '佐藤 誠' });
    expect(await submit(body.id)).toMatchObject({ status: 409, body: { code: 'holder_update_not_ready' } });
  });

  it.each<[string, string, string]>([
    ['a NUL', row('C7', { name: 'a\0b' }), '2,name,***,nul_character'],
    ['no mail address', row('C7', { email: 'nobody' }), '2,email,******,email_malformed'],
    ['a full-width phone', row('C7', { phone: '０９０' }), '2,phone,***,phone_malformed'],
    ['a day that is none', row('C7', { birth_date: '1980-02-30' }), '2,birth_date,**********,date_malformed'],
    ['an unknown state', row('C7', { account_status: 'gone' }), '2,account_status,gone,value_unknown'],
    [
      'a verified without a phone',
      row('C7', { identity_status: 'verified', birth_date: '1980-01-31' }),
      '2,phone,,value_required',
    ],
    ['too few columns', 'C7,individual', '2,,,too_few_columns'],
    ['a customer twice', `${row('C7', { name: 'A' })}\n${row('C7', { name: 'B' })}`, '3,customer_no,C7,customer_twice'],
    ['a formula', row('=C7'), `2,customer_no,'=C7,customer_no_malformed`],
  ])('with %s is listed by row, and nothing of the file is taken', async (_what, faulty, listed) => {
    const { status, body } = await upload(file(faulty, row('C8', { name: '加藤 誠' })));
    expect(status).toBe(201);
    expect(body).toMatchObject({ status: 'invalid', errorCount: '1' });
    expect(await errorsOf(body.id)).toContain(listed);
    expect(await submit(body.id)).toMatchObject({ status: 409, body: { code: 'holder_update_not_ready' } });
    expect(
      await server.database.asSuperuser('SELECT FROM holder_update_row WHERE holder_update_id = $1', [body.id]),
    ).toEqual([]);
  });

  it.each<[string, string | null, Change, string]>([
    ['a column of quantities', `${COLUMNS},quantity_xem\n${row('C7')},10\n`, {}, 'header_unknown'],
    ['a missing column', `${COLUMNS.replace(',phone', '')}\nC7\n`, {}, 'header_lacks'],
    ['a header alone', `${COLUMNS}\n`, {}, 'file_without_rows'],
    ['no file', null, {}, 'file_missing'],
    ['another charset', file(row('C7')), { charset: 'utf-16' }, 'validation_failed'],
  ])('with %s is refused', async (_what, content, fields, code) => {
    expect(await upload(content, fields)).toMatchObject({ status: 400, body: { code } });
  });

  it('cannot be applied or rewritten past the second person, whatever SQL the application sends', async () => {
    const { body } = await upload(file(row('C8', { name: '加藤 誠' })));
    const asApp = (sql: string) => server.database.asApp(sql, [body.id]);
    await expect(
      asApp(`UPDATE holder_update SET status = 'applied', applied_at = now(), applied_count = 1 WHERE id = $1`),
    ).rejects.toMatchObject({ code: 'HK001', constraint: 'holder_update_needs_approval' });
    for (const sql of [
      `UPDATE holder_update SET content_hash = repeat('a', 64) WHERE id = $1`,
      `INSERT INTO holder_update_row SELECT $1, 9, id, kind, 'X', name_kana, email, phone, birth_date, country, language, account_status, identity_status,
         '', '', '', '', '', '', repeat('a', 64) FROM holder WHERE customer_no = 'C7'`,
    ])
      await expect(asApp(sql)).rejects.toMatchObject({ code: 'HK001', constraint: 'holder_update_content_fixed' });
    for (const sql of [
      'DELETE FROM holder_update_row WHERE holder_update_id = $1',
      `UPDATE holder_update_row SET name = 'X' WHERE holder_update_id = $1`,
      'DELETE FROM holder_update WHERE id = $1',
    ])
      await expect(asApp(sql)).rejects.toMatchObject({ code: '42501' });
  });

  it('is no business of the call centre', async () => {
    const { token } = await staffToken(server, 'support_agent');
    expect((await server.call('GET', `/v1/holder-updates/${randomUUID()}`, { token })).status).toBe(403);
    expect(await server.call('GET', `/v1/holder-updates/${randomUUID()}`, { token: people.maker })).toMatchObject({
      status: 404,
      body: { code: 'holder_update_not_found' },
    });
  });
});
