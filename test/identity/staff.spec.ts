import { AuthenticatorApp } from '../../src/demo/authenticator-app.js';
import { createTestApp, type TestApp } from '../harness/app.js';
import { agreeTo, createStaff, secondAdministrator, signIn, staffToken, type TestStaff } from '../harness/staff.js';

interface Offer {
  readonly challengeToken: string;
  readonly enrolment: { readonly totp: { readonly secret: string } };
}

interface Created {
  readonly id: string;
  readonly activationToken: string;
  readonly approvalRequest: { readonly id: string };
}

interface Changed {
  readonly approvalRequest: { readonly id: string } | null;
}

const PASSWORD = 'seven quiet herons at dawn';

describe('staff', () => {
  let server: TestApp;
  let administrator: TestStaff;
  beforeAll(async () => {
    server = await createTestApp();
    administrator = await staffToken(server, 'administrator');
  });
  afterAll(() => server.close());

  const ask = (body: unknown, token = administrator.token) =>
    server.call<Created>('POST', '/v1/staff', { token, body });
  /** Asked for, and agreed to by another administrator. */
  const create = async (body: unknown, token = administrator.token) => {
    const asked = await ask(body, token);
    if (asked.status === 201) await agreeTo(server, asked.body.approvalRequest.id);
    return asked;
  };
  const change = (id: string, body: unknown, token = administrator.token) =>
    server.call<Changed>('PATCH', `/v1/staff/${id}`, { token, body });
  /** Both steps; the answer of the first where that refuses. */
  const activate = async (activationToken: string, password: string) => {
    const first = await server.call<Offer>('POST', '/v1/auth/activate', { body: { activationToken, password } });
    if (first.status !== 200) return first;
    const { challengeToken, enrolment } = first.body;
    const totp = new AuthenticatorApp(enrolment.totp.secret).codeNow();
    return server.call('POST', '/v1/auth/activate/second-factor', { body: { challengeToken, totp } });
  };
  const login = (name: string, password: string) =>
    server.call('POST', '/v1/auth/login', { body: { login: name, password } });
  const count = async () =>
    (
      await server.database.asSuperuser<{ n: string }>(
        'SELECT (SELECT count(*) FROM staff) + (SELECT count(*) FROM staff_account_request) + (SELECT count(*) FROM audit_event) AS n',
      )
    )[0]?.n;

  describe('made by an administrator', () => {
    it('is answered with a one-time token and without any password', async () => {
      const { status, body } = await create({ login: 'K.Tanaka', displayName: '田中 花子', role: 'claims_officer' });
      expect(status).toBe(201);
      expect(body).toEqual({
        id: expect.any(String),
        login: 'k.tanaka',
        role: 'claims_officer',
        activationToken: expect.stringMatching(/^[\w-]{43}$/),
        approvalRequest: expect.objectContaining({ status: 'pending', subjectType: 'staff_accounts' }),
      });
      const events = await server.database.asSuperuser(
        `SELECT action, actor_id, actor_role, before, after FROM audit_event WHERE subject_id = $1`,
        [body.id],
      );
      expect(events).toEqual([
        {
          action: 'staff.created',
          actor_id: (await secondAdministrator(server)).staffId,
          actor_role: 'administrator',
          before: null,
          after: { role: 'claims_officer', approvalRequestId: body.approvalRequest.id },
        },
      ]);
    });

    it('exists once, whatever the letter case', async () => {
      await create({ login: 'once.only', displayName: 'A', role: 'auditor' });
      const before = await count();
      expect(await create({ login: 'Once.Only', displayName: 'B', role: 'auditor' })).toMatchObject({
        status: 409,
        body: { code: 'login_taken' },
      });
      expect(await count()).toBe(before);
    });

    it('is made once, however often it was asked for', async () => {
      const answers = await Promise.all(
        Array.from({ length: 5 }, () => ask({ login: 'same.time', displayName: 'A', role: 'auditor' })),
      );
      const agreed = await Promise.allSettled(answers.map(({ body }) => agreeTo(server, body.approvalRequest.id)));
      expect(agreed.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      expect(await server.database.asSuperuser(`SELECT FROM staff WHERE login = 'same.time'`)).toHaveLength(1);
    });

    it.each([
      ['an unknown role', { login: 'abc', displayName: 'A', role: 'root' }],
      ['a password', { login: 'abc', displayName: 'A', role: 'auditor', password: PASSWORD }],
      ['a status', { login: 'abc', displayName: 'A', role: 'auditor', status: 'active' }],
      ['a login with a space', { login: 'a b c', displayName: 'A', role: 'auditor' }],
      ['a login with a line break', { login: 'abc\n', displayName: 'A', role: 'auditor' }],
      ['a blank name', { login: 'abc', displayName: '  ', role: 'auditor' }],
      ['a name with a NUL', { login: 'abc', displayName: 'A\0', role: 'auditor' }],
      ['a role that is a list', { login: 'abc', displayName: 'A', role: ['auditor'] }],
      [
        'a customer number that is an object',
        { login: 'abc', displayName: 'A', role: 'auditor', customerNo: { not: '' } },
      ],
    ])('is refused with %s, and nothing is left', async (_what, body) => {
      const before = await count();
      expect((await create(body)).status).toBe(400);
      expect(await count()).toBe(before);
    });

    it('is not made by any other role, which is told who may', async () => {
      for (const role of ['support_agent', 'finance_checker', 'auditor'] as const) {
        const { token } = await staffToken(server, role);
        const before = await count();
        expect(
          await create({ login: `by.${role.replace('_', '-')}`, displayName: 'A', role: 'administrator' }, token),
        ).toMatchObject({
          status: 403,
          body: { code: 'forbidden', roles: ['administrator'] },
        });
        expect(await count()).toBe(before);
      }
    });

    it('[24] does not happen when the audit row cannot be written', async () => {
      await server.database.asSuperuser('REVOKE INSERT (action) ON audit_event FROM henkin_app');
      try {
        expect((await create({ login: 'no.audit', displayName: 'A', role: 'auditor' })).status).toBe(409);
        const person = await server.database.asSuperuser(`SELECT id FROM staff WHERE login = 'no.audit'`);
        expect(person).toEqual([]);
        await expect(signIn(server, administrator)).rejects.toThrow('second-factor answered 409');
      } finally {
        await server.database.asSuperuser('GRANT INSERT (action) ON audit_event TO henkin_app');
      }
    });
  });

  describe('activated by the person', () => {
    it('with a password of their choice, once', async () => {
      const { body } = await create({ login: 'activates.once', displayName: 'A', role: 'auditor' });
      expect((await activate(body.activationToken, PASSWORD)).status).toBe(200);
      expect((await login('activates.once', PASSWORD)).status).toBe(200);
      expect(await activate(body.activationToken, 'another quiet password')).toMatchObject({
        status: 401,
        body: { code: 'activation_refused' },
      });
      expect((await login('activates.once', PASSWORD)).status).toBe(200);
    });

    it('once of 20 at the same time', async () => {
      const { body } = await create({ login: 'activates.parallel', displayName: 'A', role: 'auditor' });
      const answers = await Promise.all(
        Array.from({ length: 20 }, (_, n) => activate(body.activationToken, `${PASSWORD} ${n}`)),
      );
      expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
      // Some lose the race, the others have tried too often from one place.
      expect(answers.filter(({ status }) => [401, 429].includes(status))).toHaveLength(19);
    });

    it('[02] takes long passwords whole: nothing is cut off', async () => {
      const long = `${'長い合言葉 '.repeat(60)}end`;
      const { body } = await create({ login: 'long.password', displayName: 'A', role: 'auditor' });
      expect((await activate(body.activationToken, long)).status).toBe(200);
      expect((await login('long.password', long)).status).toBe(200);
      expect((await login('long.password', `${long.slice(0, -1)}D`)).status).toBe(401);
      expect((await login('long.password', long.slice(0, 72))).status).toBe(401);
    });

    it.each([
      ['too_short', 'seven77'],
      ['too_short', '合言葉です'],
      ['too_few_different_characters', 'ababababababab'],
      ['says_login_or_product', 'Weak.Choice-16!!'],
      ['says_login_or_product', 'henkin2018'],
    ])('is refused as %s and can be tried again: %s', async (flaw, password) => {
      const { body } = await create({ login: `weak.choice-${password.length}`, displayName: 'A', role: 'auditor' });
      expect(await activate(body.activationToken, password)).toMatchObject({
        status: 400,
        body: { code: 'password_too_weak', flaw },
      });
      expect((await activate(body.activationToken, PASSWORD)).status).toBe(200);
    });

    it('refuses more than 1024 bytes', async () => {
      const { body } = await create({ login: 'too.long', displayName: 'A', role: 'auditor' });
      expect((await activate(body.activationToken, 'あいうえ'.repeat(100))).status).toBe(400);
      expect((await activate(body.activationToken, 'abcd'.repeat(256))).status).toBe(200);
    });

    it('not after 72 hours, nor while disabled', async () => {
      const late = (await create({ login: 'too.late', displayName: 'A', role: 'auditor' })).body;
      const [row] = await server.database.asSuperuser<{ in_time: boolean }>(
        `SELECT activation_expires_at <= now() + interval '72 hours' AS in_time FROM staff WHERE id = $1`,
        [late.id],
      );
      expect(row?.in_time).toBe(true);
      await server.database.asSuperuser(`UPDATE staff SET activation_expires_at = now() WHERE id = $1`, [late.id]);
      expect((await activate(late.activationToken, PASSWORD)).status).toBe(401);
      const disabled = (await create({ login: 'disabled.early', displayName: 'A', role: 'auditor' })).body;
      await change(disabled.id, { status: 'disabled' });
      expect((await activate(disabled.activationToken, PASSWORD)).status).toBe(401);
    });
  });

  describe('changed by an administrator', () => {
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
        await create({ login: 'third.person', displayName: 'A', role: 'auditor', customerNo: 'C-20' }),
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
  });

  it('[09] reset: one starts it, which ends sessions; another agrees, which ends the password; the person chooses the next one', async () => {
    const person = await createStaff(server, 'auditor');
    const { status, body } = await server.call<Created>('POST', `/v1/staff/${person.staffId}/reset`, {
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

  it('is listed page by page for administrators and auditors, without secrets', async () => {
    const auditor = await staffToken(server, 'auditor');
    const seen: string[] = [];
    for (let cursor = ''; ;) {
      const { status, body } = await server.call<{ items: { id: string }[]; nextCursor: string | null }>(
        'GET',
        `/v1/staff?limit=7${cursor}`,
        { token: auditor.token },
      );
      expect(status).toBe(200);
      for (const item of body.items) {
        expect(Object.keys(item).sort()).toEqual([
          'activated',
          'createdAt',
          'customerNo',
          'displayName',
          'employer',
          'id',
          'lastDay',
          'login',
          'mail',
          'relatives',
          'role',
          'status',
          'team',
        ]);
      }
      seen.push(...body.items.map(({ id }) => id));
      if (body.nextCursor === null) break;
      cursor = `&cursor=${body.nextCursor}`;
    }
    const all = await server.database.asSuperuser<{ id: string }>('SELECT id FROM staff ORDER BY id');
    expect(seen).toEqual(all.map(({ id }) => id));
    expect(
      (await server.call('GET', '/v1/staff', { token: (await staffToken(server, 'team_lead')).token })).status,
    ).toBe(403);
    expect(
      await server.call('GET', `/v1/staff?cursor=${Buffer.from('k:x').toString('base64url')}`, {
        token: auditor.token,
      }),
    ).toMatchObject({ status: 400, body: { code: 'cursor_invalid' } });
  });
});
