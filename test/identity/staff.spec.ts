import { AuthenticatorApp } from '../../src/demo/authenticator-app.js';
import { createTestApp, type TestApp } from '../harness/app.js';
import { agreeTo, changeStaff, secondAdministrator, signIn, staffToken, type TestStaff } from '../harness/staff.js';

interface Offer {
  readonly challengeToken: string;
  readonly enrolment: { readonly totp: { readonly secret: string } };
}

interface Created {
  readonly id: string;
  readonly activationToken: string;
  readonly approvalRequest: { readonly id: string };
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
  /** Both steps; the answer of the first where that refuses. */
  const activate = async (activationToken: string, password: string, remoteAddress = '127.0.0.1') => {
    const asked = { body: { activationToken, password }, remoteAddress };
    const first = await server.call<Offer>('POST', '/v1/auth/activate', asked);
    if (first.status !== 200) return first;
    const { challengeToken, enrolment } = first.body;
    const totp = new AuthenticatorApp(enrolment.totp.secret).codeNow();
    return server.call('POST', '/v1/auth/activate/second-factor', { body: { challengeToken, totp }, remoteAddress });
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

    it('once of 30 at the same time', async () => {
      const { body } = await create({ login: 'activates.parallel', displayName: 'A', role: 'auditor' });
      const answers = await Promise.all(
        Array.from({ length: 30 }, (_, n) => activate(body.activationToken, `${PASSWORD} ${n}`, `10.9.0.${n}`)),
      );
      expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array<number>(29).fill(401)]);
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
      await changeStaff(server, disabled.id, { status: 'disabled' });
      expect((await activate(disabled.activationToken, PASSWORD)).status).toBe(401);
    });
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
          'oidcSubject',
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
