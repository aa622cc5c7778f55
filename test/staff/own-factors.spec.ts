import { AuthenticatorApp } from '../../src/demo/authenticator-app.js';
import { readMail } from '../../src/demo/mail-text.js';
import { Jobs } from '../../src/platform/jobs/jobs.js';
import { createTestApp, type TestApp } from '../harness/app.js';
import { eventually } from '../harness/eventually.js';
import { startInbox, type Inbox } from '../harness/inbox.js';
import { SecurityKey } from '../harness/security-key.js';
import { createStaff, signIn, type TestStaff } from '../harness/staff.js';

interface Offer {
  readonly challengeToken: string;
  readonly enrolment: {
    readonly totp: { readonly secret: string };
    readonly passkeyOptions: { readonly challenge: string };
  };
}

interface Factors {
  readonly totp: object | null;
  readonly passkeys: readonly { readonly id: string; readonly name: string }[];
  readonly recoveryCodesLeft: number;
}

describe('own second factors of staff', () => {
  let inbox: Inbox;
  let server: TestApp;
  let person: TestStaff;
  let mail: string;
  beforeAll(async () => {
    inbox = await startInbox();
    server = await createTestApp({ smtpUrl: inbox.url });
    await server.app.get(Jobs).start();
  });
  beforeEach(async () => {
    person = await createStaff(server, 'auditor');
    mail = `${person.login}@staff.example.jp`;
    await server.database.asSuperuser('UPDATE staff SET mail = $2 WHERE id = $1', [person.staffId, mail]);
  });
  afterAll(async () => {
    await server.close();
    await inbox.close();
  });

  const call = <B = Factors>(method: 'GET' | 'POST' | 'DELETE', path: string, body?: object, { token } = person) =>
    server.call<B>(method, `/v1/auth/factors${path}`, { token, ...(body ? { body } : {}) });
  const offer = async (by = person) => (await call<Offer>('POST', '/challenge', undefined, by)).body;
  const addKey = async (name?: string, key = new SecurityKey()) => {
    const { challengeToken, enrolment } = await offer();
    const newPasskey = key.create(enrolment.passkeyOptions);
    return call('POST', '', { challengeToken, newPasskey, ...(name ? { name } : {}) });
  };
  const subjects = () =>
    inbox
      .mails()
      .filter(({ to }) => to === mail)
      .map((received) => readMail(received).subject);

  it('gain a passkey, which signs in, and lose the app afterwards; each is told by mail and on record', async () => {
    const key = new SecurityKey();
    const added = await addKey('key on the ring', key);
    expect(added).toMatchObject({
      status: 201,
      body: { totp: { createdAt: expect.any(String) }, passkeys: [{ name: 'key on the ring', lastUsedAt: null }] },
    });
    expect((await call('DELETE', '/totp')).status).toBe(204);
    expect((await call('GET', '')).body).toMatchObject({ totp: null, passkeys: [{}], recoveryCodesLeft: 10 });
    const { login, password } = person;
    const asked = await server.call<{ challengeToken: string; passkeyOptions: { challenge: string } }>(
      'POST',
      '/v1/auth/login',
      { body: { login, password } },
    );
    const { challengeToken, passkeyOptions } = asked.body;
    const passkey = key.get(passkeyOptions);
    expect(
      (await server.call('POST', '/v1/auth/login/second-factor', { body: { challengeToken, passkey } })).status,
    ).toBe(200);
    const told = await eventually(() => subjects().length === 2 && subjects());
    expect(told.join()).toMatch(/factor was added.*factor was removed/);
    const events = await server.database.asSuperuser(
      `SELECT action, after - 'sessionId' AS after FROM audit_event WHERE subject_id = $1 AND action LIKE 'staff.factor%' ORDER BY id`,
      [person.staffId],
    );
    expect(events).toEqual([
      { action: 'staff.factor_added', after: { method: 'passkey' } },
      { action: 'staff.factor_removed', after: { method: 'totp' } },
    ]);
  });

  it('change to another app: codes of the former work no more', async () => {
    const { challengeToken, enrolment } = await offer();
    const app = new AuthenticatorApp(enrolment.totp.secret);
    expect((await call('POST', '', { challengeToken, totp: app.codeNow() })).status).toBe(201);
    const former = await person.proof();
    expect(former).toHaveProperty('totp');
    await expect(signIn(server, { ...person, proof: () => Promise.resolve(former) })).rejects.toThrow('401');
    const code = await app.code();
    await signIn(server, { ...person, proof: () => Promise.resolve({ totp: code }) });
    await expect(signIn(server, { ...person, proof: () => Promise.resolve({ totp: code }) })).rejects.toThrow('401');
  });

  it('keep the last of them, whichever it is, also when two are removed at once', async () => {
    expect(await call('DELETE', '/totp')).toMatchObject({ status: 409, body: { code: 'last_factor_stays' } });
    const { body } = await addKey();
    const [passkey] = body.passkeys;
    const both = await Promise.all([call('DELETE', '/totp'), call('DELETE', `/passkeys/${passkey?.id}`)]);
    expect(both.map(({ status }) => status).sort()).toEqual([204, 409]);
    const left = (await call('GET', '')).body;
    expect(left.passkeys.length + (left.totp ? 1 : 0)).toBe(1);
  });

  it('are nobody else’s: neither removed nor enrolled with their challenge', async () => {
    const { body } = await addKey();
    const other = await createStaff(server, 'auditor');
    expect(await call('DELETE', `/passkeys/${body.passkeys[0]?.id}`, undefined, other)).toMatchObject({
      status: 404,
      body: { code: 'factor_not_found' },
    });
    const { challengeToken, enrolment } = await offer();
    const newPasskey = new SecurityKey().create(enrolment.passkeyOptions);
    expect(await call('POST', '', { challengeToken, newPasskey }, other)).toMatchObject({
      status: 401,
      body: { code: 'second_factor_refused' },
    });
    expect((await call('GET', '', undefined, other)).body.passkeys).toEqual([]);
  });

  it('are not changed without a proof within the last five minutes', async () => {
    await server.database.asSuperuser(
      `UPDATE staff_session SET proven_at = now() - interval '6 minutes' WHERE staff_id = $1`,
      [person.staffId],
    );
    for (const [method, path] of [
      ['POST', '/challenge'],
      ['POST', ''],
      ['DELETE', '/totp'],
      ['DELETE', '/passkeys/01932c07-209c-7e5f-8a3c-5a0c8f1f6a03'],
      ['POST', '/recovery-codes'],
    ] as const)
      expect(await call(method, path)).toMatchObject({ status: 403, body: { code: 'step_up_required' } });
  });

  it.each([
    [
      'a key for another site',
      (key: SecurityKey, asked: { challenge: string }) => key.create(asked, { origin: 'https://evil.example' }),
      401,
    ],
    ['an answer to another challenge', (key: SecurityKey) => key.create({ challenge: 'A'.repeat(43) }), 401],
  ])('refuse %s', async (_what, make, status) => {
    const { challengeToken, enrolment } = await offer();
    const newPasskey = make(new SecurityKey(), enrolment.passkeyOptions);
    expect((await call('POST', '', { challengeToken, newPasskey })).status).toBe(status);
    expect((await call('GET', '')).body.passkeys).toEqual([]);
  });

  it('refuse a name with a line break, both proofs at once, and a recovery code as a new factor', async () => {
    const { challengeToken } = await offer();
    for (const body of [
      { challengeToken, totp: '123456', name: 'a\nb' },
      { challengeToken },
      { challengeToken, recoveryCode: 'AAAA-AAAA-AAAA-AAAA' },
    ])
      expect((await call('POST', '', body)).status).toBe(400);
  });

  it('renew recovery codes: shown once, and the former ones work no more', async () => {
    const former = await (async () => {
      await person.proof();
      return person.proof();
    })();
    const { status, body } = await call<{ recoveryCodes: string[] }>('POST', '/recovery-codes');
    expect(status).toBe(201);
    expect(new Set(body.recoveryCodes).size).toBe(10);
    await expect(signIn(server, { ...person, proof: () => Promise.resolve(former) })).rejects.toThrow('401');
    const [recoveryCode] = body.recoveryCodes;
    await signIn(server, { ...person, proof: () => Promise.resolve({ recoveryCode }) });
    expect((await call('GET', '')).body.recoveryCodesLeft).toBe(9);
    const told = await eventually(() => subjects().length > 0 && subjects());
    expect(told.join()).toContain('Recovery codes were renewed');
  });
});
