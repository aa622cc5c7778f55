import { AuthenticatorApp } from '../../src/demo/authenticator-app.js';
import { createTestApp, type TestApp } from '../harness/app.js';
import { agreeTo, createStaff, signIn, staffToken, type TestStaff } from '../harness/staff.js';

interface Offer {
  readonly challengeToken: string;
  readonly enrolment: { readonly totp: { readonly secret: string } };
}

interface Asked {
  readonly activationToken: string;
  readonly approvalRequest: { readonly id: string };
}

interface Changed {
  readonly approvalRequest: { readonly id: string } | null;
}

const PASSWORD = 'seven quiet herons at dawn';

describe('an account is changed by an administrator', () => {
  let server: TestApp;
  let administrator: TestStaff;
  beforeAll(async () => {
    server = await createTestApp();
    administrator = await staffToken(server, 'administrator');
  });
  afterAll(() => server.close());

  const change = (id: string, body: unknown) =>
    server.call<Changed>('PATCH', `/v1/staff/${id}`, { token: administrator.token, body });
  const login = (name: string, password: string) =>
    server.call('POST', '/v1/auth/login', { body: { login: name, password } });
  const activate = async (activationToken: string, password: string) => {
    const first = await server.call<Offer>('POST', '/v1/auth/activate', { body: { activationToken, password } });
    if (first.status !== 200) return first;
    const { challengeToken, enrolment } = first.body;
    const totp = new AuthenticatorApp(enrolment.totp.secret).codeNow();
    return server.call('POST', '/v1/auth/activate/second-factor', { body: { challengeToken, totp } });
  };
  const count = async () =>
    (
      await server.database.asSuperuser<{ n: string }>(
        'SELECT (SELECT count(*) FROM staff) + (SELECT count(*) FROM staff_change_request) + (SELECT count(*) FROM audit_event) AS n',
      )
    )[0]?.n;

  const asked = (answer: { body: Changed }) => answer.body.approvalRequest?.id ?? '';

  it('role, mail and last day only when another agrees; what narrows at once', async () => {
    const person = await createStaff(server, 'claims_officer');
    const relatives = [
      { customerNo: 'C-2', relation: 'spouse' },
      { customerNo: 'C-3', relation: 'parent' },
    ];
    const first = await change(person.staffId, {
      role: 'compliance',
      mail: 'a@b.jp',
      customerNo: 'C-1',
      relatives,
      lastDay: '2098-03-31',
      team: 'evening 3',
    });
    expect(first).toMatchObject({
      status: 200,
      body: { role: 'claims_officer', mail: null, customerNo: 'C-1', relatives, lastDay: '2098-03-31' },
    });
    expect(first.body).toMatchObject({
      team: 'evening 3',
      approvalRequest: { subjectType: 'staff_change', status: 'pending' },
    });
    const shown = await server.call('GET', `/v1/approval-requests/${asked(first)}`, { token: administrator.token });
    expect(shown.body).toMatchObject({
      preview: {
        login: person.login,
        now: { role: 'claims_officer', mail: null },
        wanted: { role: 'compliance', mail: 'a@b.jp' },
      },
    });
    await expect(agreeTo(server, asked(first), administrator)).rejects.toThrow('maker_cannot_check');
    await agreeTo(server, asked(first));
    const [event] = await server.database.asSuperuser<{ before: object; after: object }>(
      `SELECT before, after FROM audit_event WHERE action = 'staff.changed' AND subject_id = $1 ORDER BY id DESC LIMIT 1`,
      [person.staffId],
    );
    expect(event).toMatchObject({
      before: { role: 'claims_officer', mailSha256: null },
      after: { role: 'compliance', mailSha256: expect.any(String), approvalRequestId: asked(first) },
    });
    const narrows = await change(person.staffId, { lastDay: '2098-01-31' });
    expect(narrows.body).toMatchObject({ lastDay: '2098-01-31', approvalRequest: null });
    const later = await change(person.staffId, { lastDay: null });
    expect(later.body).toMatchObject({ lastDay: '2098-01-31', approvalRequest: { status: 'pending' } });
    await agreeTo(server, asked(later));
    const disabled = await change(person.staffId, { status: 'disabled' });
    expect(disabled.body).toMatchObject({ status: 'disabled', lastDay: null, approvalRequest: null });
    const enabled = await change(person.staffId, { status: 'active' });
    expect(enabled.body).toMatchObject({ status: 'disabled', approvalRequest: { status: 'pending' } });
    await agreeTo(server, asked(enabled));
    expect(await signIn(server, person)).toBeTruthy();
  });

  it('takes a customer number and relatives away only when another agrees; those that are added count at once', async () => {
    const person = await createStaff(server, 'claims_officer');
    const interest = async () =>
      (
        await server.database.asApp<{ customer_no: string }>(
          'SELECT customer_no FROM staff_interest WHERE staff_id = $1 ORDER BY 1',
          [person.staffId],
        )
      ).map((row) => row.customer_no);
    await change(person.staffId, { customerNo: 'C-5', relatives: [{ customerNo: 'C-6', relation: 'spouse' }] });
    const other = await change(person.staffId, {
      customerNo: null,
      relatives: [{ customerNo: 'C-7', relation: 'child' }],
    });
    expect(await interest()).toEqual(['C-5', 'C-6', 'C-7']);
    await agreeTo(server, asked(other));
    expect(await interest()).toEqual(['C-7']);
  });

  it('is void when the account changed after it was asked for, and is not agreed to by its owner', async () => {
    const person = await createStaff(server, 'administrator');
    const promoted = await change(person.staffId, { role: 'finance_checker' });
    await expect(agreeTo(server, asked(promoted), person)).rejects.toThrow('own_account');
    await change(person.staffId, { customerNo: 'C-8' });
    await expect(agreeTo(server, asked(promoted))).rejects.toThrow('approval_voided');
  });

  it('is kept by the database from being done by one alone', async () => {
    const { staffId } = await createStaff(server, 'auditor', { customerNo: 'C-9' });
    await change(staffId, { lastDay: '2098-03-31', relatives: [{ customerNo: 'C-11', relation: 'child' }] });
    await change(staffId, { role: 'administrator' });
    for (const set of [
      `role = 'administrator'`,
      `mail = 'me@example.com'`,
      'customer_no = NULL',
      `customer_no = 'C-12'`,
      'last_day = NULL',
      `last_day = '2099-01-01'`,
    ])
      await expect(server.database.asApp(`UPDATE staff SET ${set} WHERE id = $1`, [staffId])).rejects.toMatchObject({
        code: 'HK001',
        constraint: 'staff_change_needs_approval',
      });
    await expect(
      server.database.asApp('DELETE FROM staff_relative WHERE staff_id = $1', [staffId]),
    ).rejects.toMatchObject({ code: 'HK001', constraint: 'staff_change_needs_approval' });
    await expect(
      server.database.asApp('UPDATE staff SET password_hash = NULL WHERE id = $1', [staffId]),
    ).rejects.toMatchObject({ code: 'HK001', constraint: 'staff_reset_needs_approval' });
    await expect(
      server.database.asApp(`UPDATE staff_change_request SET status = 'done' WHERE staff_id = $1`, [staffId]),
    ).rejects.toMatchObject({ code: 'HK001', constraint: 'staff_change_request_needs_approval' });
    await server.database.asApp(`UPDATE staff SET status = 'disabled' WHERE id = $1`, [staffId]);
    await expect(
      server.database.asApp(`UPDATE staff SET status = 'active' WHERE id = $1`, [staffId]),
    ).rejects.toMatchObject({ code: 'HK001', constraint: 'staff_change_needs_approval' });
  });

  it('leaves what is not mentioned', async () => {
    const person = await createStaff(server, 'team_lead', { customerNo: 'C-10' });
    expect(await change(person.staffId, {})).toMatchObject({
      status: 200,
      body: { role: 'team_lead', customerNo: 'C-10', status: 'active' },
    });
  });

  it('never themselves: not role, status, customer number nor password', async () => {
    for (const body of [{ role: 'finance_checker' }, { status: 'disabled' }, { customerNo: 'C-99' }, {}]) {
      expect(await change(administrator.staffId, body)).toMatchObject({ status: 403, body: { code: 'own_account' } });
    }
    expect(
      (
        await server.call('POST', `/v1/staff/${administrator.staffId}/reset`, {
          token: administrator.token,
          body: { reason: 'Forgotten.' },
        })
      ).status,
    ).toBe(403);
    const [row] = await server.database.asSuperuser('SELECT role, status, customer_no FROM staff WHERE id = $1', [
      administrator.staffId,
    ]);
    expect(row).toEqual({ role: 'administrator', status: 'active', customer_no: null });
  });

  it('not to a customer number of somebody else', async () => {
    const [first, second] = await Promise.all([
      createStaff(server, 'team_lead', { customerNo: 'C-20' }),
      createStaff(server, 'team_lead'),
    ]);
    expect(await change(second.staffId, { customerNo: 'C-20' })).toMatchObject({
      status: 409,
      body: { code: 'customer_no_taken' },
    });
    expect(
      await server.call('POST', '/v1/staff', {
        token: administrator.token,
        body: { login: 'third.person', displayName: 'A', role: 'auditor', customerNo: 'C-20' },
      }),
    ).toMatchObject({ status: 409, body: { code: 'customer_no_taken' } });
    expect(await change(first.staffId, { customerNo: 'C-20' })).toMatchObject({ status: 200 });
  });

  it.each([
    ['a null role', { role: null }],
    ['a null status', { status: null }],
    ['an unknown field', { passwordHash: 'x' }],
    ['a login', { login: 'other' }],
    ['relatives that are no list', { relatives: { customerNo: 'C-1', relation: 'x' } }],
    [
      'a relative twice',
      {
        relatives: [
          { customerNo: 'C-1', relation: 'x' },
          { customerNo: 'C-1', relation: 'y' },
        ],
      },
    ],
    ['a relative that is null', { relatives: [null] }],
    ['a relative with more fields', { relatives: [{ customerNo: 'C-1', relation: 'x', staffId: 'y' }] }],
  ])('is refused with %s, and nothing changes', async (_what, body) => {
    const { staffId } = await staffToken(server, 'compliance');
    const before = await count();
    expect((await change(staffId, body)).status).toBe(400);
    expect(await count()).toBe(before);
  });

  it('answers 404 for an id that does not exist and 400 for one that is none', async () => {
    expect(await change('01932c07-209c-7e5f-8a3c-5a0c8f1f6a03', { status: 'disabled' })).toMatchObject({
      status: 404,
      body: { code: 'staff_not_found' },
    });
    expect((await change('1', { status: 'disabled' })).status).toBe(400);
  });

  it('[09] reset: one starts it, which ends sessions; another agrees, which ends the password; the person chooses the next one', async () => {
    const person = await createStaff(server, 'auditor');
    const { status, body } = await server.call<Asked>('POST', `/v1/staff/${person.staffId}/reset`, {
      token: administrator.token,
      body: { reason: 'Forgotten; asked at the desk.' },
    });
    expect(status).toBe(201);
    expect(Object.keys(body).sort()).toEqual(['activationToken', 'approvalRequest']);
    expect((await server.call('GET', '/v1/audit/events', { token: person.token })).status).toBe(401);
    // Nobody has agreed: the token is worth nothing, and the password still counts.
    expect((await activate(body.activationToken, PASSWORD)).status).toBe(401);
    expect((await login(person.login, person.password)).status).toBe(200);
    await agreeTo(server, body.approvalRequest.id);
    expect((await login(person.login, person.password)).status).toBe(401);
    const first = await server.call<Offer>('POST', '/v1/auth/activate', {
      body: { activationToken: body.activationToken, password: PASSWORD },
    });
    // The factor has stayed: whoever got hold of the token alone cannot use it.
    expect(first).toMatchObject({ status: 200, body: { enrolment: null, methods: ['totp', 'recovery_code'] } });
    const second = await server.call('POST', '/v1/auth/activate/second-factor', {
      body: { challengeToken: first.body.challengeToken, ...(await person.proof()) },
    });
    expect(second).toMatchObject({ status: 200, body: { recoveryCodes: [] } });
    const { token } = await signIn(server, { ...person, password: PASSWORD });
    expect((await server.call('GET', '/v1/audit/events', { token })).status).toBe(200);
  });
});
