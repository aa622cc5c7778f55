import { randomUUID } from 'node:crypto';
import { Jobs } from '../../src/platform/jobs/jobs.js';
import { createTestApp, type TestApp } from '../harness/app.js';
import { eventually } from '../harness/eventually.js';
import { startInbox, type Inbox } from '../harness/inbox.js';
import { activate, createStaff, secondAdministrator, signIn, staffToken, type TestStaff } from '../harness/staff.js';
import { tokenIn } from './mailed-token.js';

const HEADER = 'login,name,role,employer,team,mail,last_day,customer_no';

interface Asked {
  readonly code?: string;
  readonly accounts: number;
  readonly approvalRequest: { readonly id: string };
  readonly rows: readonly { readonly line: number; readonly column: string; readonly code: string }[];
}

describe('accounts of staff', () => {
  let inbox: Inbox;
  let server: TestApp;
  let [administrator, second] = [] as unknown as [TestStaff, TestStaff];
  beforeAll(async () => {
    inbox = await startInbox();
    server = await createTestApp({ smtpUrl: inbox.url });
    [administrator, second] = [await staffToken(server, 'administrator'), await secondAdministrator(server)];
    await server.app.get(Jobs).start();
  });
  afterAll(async () => {
    await server.close();
    await inbox.close();
  });

  async function upload(
    lines: readonly string[],
    header = HEADER,
    key = randomUUID(),
  ): Promise<{ status: number; body: Asked }> {
    const [boundary, text] = ['cut-here', [header, ...lines].join('\n')];
    const payload = `--${boundary}\r\ncontent-disposition: form-data; name="file"; filename="staff.csv"\r\ncontent-type: text/csv\r\n\r\n${text}\r\n--${boundary}--\r\n`;
    const answer = await server.app.inject({
      method: 'POST',
      url: '/v1/staff/files',
      headers: {
        authorization: `Bearer ${administrator.token}`,
        'idempotency-key': key,
        'content-type': `multipart/form-data; boundary=${boundary}`,
      },
      payload,
    });
    return { status: answer.statusCode, body: answer.json<Asked>() };
  }
  const decide = (requestId: string, by: TestStaff) =>
    server.call<{ code?: string }>('POST', `/v1/approval-requests/${requestId}/decisions`, {
      token: by.token,
      body: { decision: 'approve' },
      headers: { 'idempotency-key': randomUUID() },
    });
  const logins = async (pattern: string) =>
    (
      await server.database.asSuperuser<{ login: string }>('SELECT login FROM staff WHERE login LIKE $1 ORDER BY 1', [
        pattern,
      ])
    ).map(({ login }) => login);

  it('of a file are made when another agrees; each owner gets their token by mail', async () => {
    const { status, body } = await upload([
      'file.one,田中 花子,support_agent,Kanda Contact K.K.,evening 3,one@kanda.example.jp,2099-03-31,',
      'file.two,"Sato, Ken",team_lead,,,two@kanda.example.jp,,C-700',
    ]);
    expect({ status, accounts: body.accounts }).toEqual({ status: 201, accounts: 2 });
    expect(await logins('file.%')).toEqual([]);
    expect(await decide(body.approvalRequest.id, administrator)).toMatchObject({
      body: { code: 'maker_cannot_check' },
    });
    const shown = await server.call<{ preview: object }>('GET', `/v1/approval-requests/${body.approvalRequest.id}`, {
      token: second.token,
    });
    expect(shown.body.preview).toMatchObject({
      count: 2,
      accounts: [{ login: 'file.one', employer: 'Kanda Contact K.K.', lastDay: '2099-03-31' }, { customerNo: 'C-700' }],
    });
    expect((await decide(body.approvalRequest.id, second)).status).toBe(200);
    expect(await logins('file.%')).toEqual(['file.one', 'file.two']);
    const mail = await eventually(() => inbox.mails().find(({ to }) => to === 'one@kanda.example.jp'));
    const token = tokenIn(mail);
    const [row] = await server.database.asSuperuser<{ id: string }>(`SELECT id FROM staff WHERE login = 'file.one'`);
    const person = await activate(server, row?.id ?? '', 'file.one', token);
    expect((await server.call('GET', '/v1/work-items', { token: person.token })).status).toBe(200);
  });

  it('are linked with the identity provider from the beginning, as both people saw, and a subject belongs to one', async () => {
    const header = `${HEADER},oidc_subject`;
    const { status, body } = await upload(['linked.one,A,auditor,,,linked@b.jp,,,sub-One'], header);
    expect(status).toBe(201);
    const shown = await server.call('GET', `/v1/approval-requests/${body.approvalRequest.id}`, { token: second.token });
    expect(shown.body).toMatchObject({ preview: { accounts: [{ login: 'linked.one', oidcSubject: 'sub-One' }] } });
    expect((await decide(body.approvalRequest.id, second)).status).toBe(200);
    const alone = (oidcSubject: string) =>
      server.call<Asked>('POST', '/v1/staff', {
        token: administrator.token,
        body: { login: 'linked.two', displayName: 'A', role: 'auditor', oidcSubject },
      });
    expect(await alone('sub-One')).toMatchObject({ status: 409, body: { code: 'oidc_subject_taken' } });
    // Who differs in the case of letters is somebody else to the provider.
    expect((await decide((await alone('sub-one')).body.approvalRequest.id, second)).status).toBe(200);
    expect(
      await server.database.asSuperuser(`SELECT login, oidc_subject FROM staff WHERE login LIKE 'linked.%' ORDER BY 1`),
    ).toEqual([
      { login: 'linked.one', oidc_subject: 'sub-One' },
      { login: 'linked.two', oidc_subject: 'sub-one' },
    ]);
    const faulty = await upload(
      [
        'linked.six,A,auditor,,,a@b.jp,,,sub-One',
        'linked.7,A,auditor,,,a@b.jp,,,x x',
        'linked.8,A,auditor,,,a@b.jp,,,new',
        'linked.9,A,auditor,,,a@b.jp,,,new',
      ],
      header,
    );
    expect(faulty.body.rows.map(({ line, code }) => `${line} ${code}`)).toEqual([
      '2 oidc_subject_taken',
      '3 oidc_subject_invalid',
      '5 oidc_subject_twice',
    ]);
    await expect(
      server.database.asApp(
        `INSERT INTO staff (login, display_name, role, oidc_subject) VALUES ('linked.admin', 'A', 'administrator', 'sub-9')`,
      ),
    ).rejects.toMatchObject({ code: 'HK001', constraint: 'staff_needs_approval' });
  });

  it('with a faulty row are not asked for at all; each fault is named by line, column and reason', async () => {
    const taken = await createStaff(server, 'auditor', { customerNo: 'C-701' });
    const { status, body } = await upload([
      'bad.one,A,support_agent,,,a@b.jp,,',
      'x,,root,,,no-address,2018-13-40,',
      'bad.one,A,auditor,,,,2018-01-26,',
      `${taken.login},A,auditor,,,a@b.jp,,C-701`,
    ]);
    expect({ status, code: body.code }).toEqual({ status: 400, code: 'account_rows_faulty' });
    expect(body.rows.map(({ line, code }) => `${line} ${code}`)).toEqual([
      '3 login_invalid',
      '3 name_invalid',
      '3 role_invalid',
      '3 mail_invalid',
      '3 last_day_invalid',
      '4 mail_invalid',
      '4 last_day_invalid',
      '4 login_twice',
      '5 login_taken',
      '5 customer_no_taken',
    ]);
    expect(await server.database.asSuperuser(`SELECT FROM staff_account_request_row WHERE login = 'bad.one'`)).toEqual(
      [],
    );
  });

  it('of a file are asked for once for each key, however often it is sent', async () => {
    const key = randomUUID();
    const row = ['sent.twice,A,auditor,,,twice@b.jp,,'];
    const first = await upload(row, HEADER, key);
    expect(await upload(row, HEADER, key)).toEqual(first);
    expect(await upload(['other.file,A,auditor,,,twice@b.jp,,'], HEADER, key)).toMatchObject({
      status: 422,
      body: { code: 'idempotency_key_reused' },
    });
    expect(
      await server.database.asSuperuser(`SELECT FROM staff_account_request_row WHERE login = 'sent.twice'`),
    ).toHaveLength(1);
  });

  it.each([
    ['another header', ['a,b'], 'login,role'],
    ['no row', [], HEADER],
    ['a row too short', ['short.row,A'], HEADER],
  ])('of a file with %s are refused', async (_what, lines, header) => {
    expect(await upload(lines, header)).toMatchObject({ status: 400, body: { code: 'account_file_refused' } });
  });

  it('of a form that is cut off are refused', async () => {
    const answer = await server.app.inject({
      method: 'POST',
      url: '/v1/staff/files',
      headers: {
        authorization: `Bearer ${(await staffToken(server, 'administrator')).token}`,
        'idempotency-key': 'form-cut-off',
        'content-type': 'multipart/form-data; boundary=x',
      },
      payload: '--x\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\nlogin',
    });
    expect(answer.json()).toMatchObject({ status: 400, code: 'account_file_refused' });
  });

  it('end on the day after the last day: the next request, refresh, sign-in and decision are refused', async () => {
    const person = await createStaff(server, 'administrator');
    const asked = await server.call<Asked>('POST', '/v1/staff', {
      token: administrator.token,
      body: { login: 'for.the-leaver', displayName: 'A', role: 'auditor' },
    });
    const lastDay = (offset: number) =>
      server.database.asSuperuser(
        `UPDATE staff SET last_day = (now() AT TIME ZONE 'Asia/Tokyo')::date + $2::int WHERE id = $1`,
        [person.staffId, offset],
      );
    await lastDay(0);
    expect((await server.call('GET', '/v1/staff', { token: person.token })).status).toBe(200);
    await lastDay(-1);
    expect((await server.call('GET', '/v1/staff', { token: person.token })).status).toBe(401);
    expect((await decide(asked.body.approvalRequest.id, person)).status).toBe(401);
    const { refreshToken } = person;
    expect((await server.call('POST', '/v1/auth/refresh', { body: { refreshToken } })).status).toBe(401);
    await expect(signIn(server, person)).rejects.toThrow('login answered 401');
    await expect(
      server.database.asApp(
        `INSERT INTO approval_decision (request_id, maker_id, checker_id, decision) VALUES ($1, $2, $3, 'approve')`,
        [asked.body.approvalRequest.id, administrator.staffId, person.staffId],
      ),
    ).rejects.toMatchObject({ code: 'HK001', constraint: 'approval_by_active_staff' });
    await expect(
      server.database.asApp(`INSERT INTO staff_session (staff_id, address) VALUES ($1, '::1')`, [person.staffId]),
    ).rejects.toMatchObject({ code: 'HK001', constraint: 'staff_session_of_active_staff' });
  });

  it('are made by the application only as two people agreed', async () => {
    const { body } = await server.call<Asked & { id: string }>('POST', '/v1/staff', {
      token: administrator.token,
      body: { login: 'only.agreed', displayName: 'A', role: 'auditor' },
    });
    const asApp = (sql: string) => server.database.asApp(sql);
    await expect(
      asApp(`INSERT INTO staff (id, login, display_name, role) VALUES ('${body.id}', 'only.agreed', 'A', 'auditor')`),
    ).rejects.toMatchObject({ code: 'HK001', constraint: 'staff_needs_approval' });
    await expect(
      asApp(`UPDATE staff_account_request SET status = 'done', closed_at = now() WHERE status = 'asked'`),
    ).rejects.toMatchObject({ code: 'HK001', constraint: 'staff_account_request_needs_approval' });
    await expect(asApp(`UPDATE staff_account_request_row SET role = 'administrator'`)).rejects.toMatchObject({
      code: '42501',
    });
  });
});
