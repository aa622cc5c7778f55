import { Secret, TOTP } from 'otpauth';
import { AuthenticatorApp } from '../../src/demo/authenticator-app.js';
import { createTestApp, type Answer, type TestApp } from '../harness/app.js';
import { SecurityKey, type Asked } from '../harness/security-key.js';
import { agreeTo, changeStaff, createStaff, staffToken, type TestStaff } from '../harness/staff.js';

interface Challenge {
  readonly challengeToken: string;
  readonly methods: string[];
  readonly passkeyOptions: Asked | null;
  readonly enrolment: {
    readonly totp: { readonly secret: string; readonly uri: string };
    readonly passkeyOptions: Asked;
  };
}
interface Enrolled {
  readonly accessToken: string;
  readonly recoveryCodes: string[];
  readonly code?: string;
}

const AT_ONCE = 30;
const PASSWORD = 'seven quiet herons at dawn';
const refused = { status: 401, body: { code: 'second_factor_refused' } };
const over = { status: 401, body: { code: 'challenge_over' } };

describe('the second factor', () => {
  let server: TestApp;
  let administrator: TestStaff;
  let count = 0;
  beforeAll(async () => {
    server = await createTestApp();
    administrator = await staffToken(server, 'administrator');
  });
  // Each test is about something else than how often one may try.
  beforeEach(() => server.database.asSuperuser('DELETE FROM sign_in_throttle'));
  afterAll(() => server.close());

  const post = <B = Enrolled>(path: string, body: object, remoteAddress = '127.0.0.1'): Promise<Answer<B>> =>
    server.call<B>('POST', `/v1/auth/${path}`, { body, remoteAddress });
  const login = async (person: { login: string }, password = PASSWORD, from = '127.0.0.1') =>
    (await post<Challenge>('login', { login: person.login, password }, from)).body;
  const answer = (challengeToken: string, proof: object, from = '127.0.0.1') =>
    post('login/second-factor', { challengeToken, ...proof }, from);
  /** Each from a place of its own: it is the factor that lets one in, and not the counting that keeps the others out. */
  const fromEverywhere = <T>(press: (from: string) => Promise<T>): Promise<T[]> =>
    Promise.all(Array.from({ length: AT_ONCE }, (_, nth) => press(`10.9.0.${nth}`)));
  const onceIn = (answers: readonly Answer<unknown>[]) =>
    expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array<number>(AT_ONCE - 1).fill(401)]);
  const code = (secret: string, stepsAgo = 0) =>
    new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: Date.now() - stepsAgo * 30_000 });

  /** An account whose owner has chosen a password and is offered what to enrol. */
  async function offered(): Promise<Challenge & { login: string; activationToken: string }> {
    const name = `person.${(count += 1)}`;
    const body = { login: name, displayName: 'A', role: 'auditor' };
    const made = await server.call<{ activationToken: string; approvalRequest: { id: string } }>('POST', '/v1/staff', {
      token: administrator.token,
      body,
    });
    await agreeTo(server, made.body.approvalRequest.id);
    const { activationToken } = made.body;
    const offer = (await post<Challenge>('activate', { activationToken, password: PASSWORD })).body;
    return { ...offer, login: name, activationToken };
  }

  async function withApp() {
    const offer = await offered();
    const { secret } = offer.enrolment.totp;
    const app = new AuthenticatorApp(secret);
    const first = app.codeNow();
    const { body } = await post('activate/second-factor', { challengeToken: offer.challengeToken, totp: first });
    return { login: offer.login, secret, app, first, recoveryCodes: body.recoveryCodes };
  }

  async function withKey() {
    const offer = await offered();
    const key = new SecurityKey();
    const newPasskey = key.create(offer.enrolment.passkeyOptions);
    const { status } = await post('activate/second-factor', { challengeToken: offer.challengeToken, newPasskey });
    expect(status).toBe(200);
    return { login: offer.login, key };
  }

  const sessionsOf = async (name: string) =>
    (
      await server.database.asSuperuser<{ n: number }>(
        'SELECT count(*)::int AS n FROM staff_session JOIN staff ON staff.id = staff_id WHERE login = $1',
        [name],
      )
    )[0]?.n;

  describe('enrolled at activation', () => {
    it('with an app: ten recovery codes are shown once, and the secret is kept sealed', async () => {
      const { login: name, secret, recoveryCodes } = await withApp();
      expect(new Set(recoveryCodes).size).toBe(10);
      for (const shown of recoveryCodes) expect(shown).toMatch(/^([0-9A-HJKMNP-TV-Z]{4}-){3}[0-9A-HJKMNP-TV-Z]{4}$/);
      const rows = await server.database.asSuperuser(
        `SELECT to_jsonb(t) FROM staff_totp t UNION ALL SELECT to_jsonb(r) FROM staff_recovery_code r
         UNION ALL SELECT to_jsonb(c) FROM staff_challenge c UNION ALL SELECT to_jsonb(e) FROM audit_event e`,
      );
      const kept = JSON.stringify(rows);
      for (const shown of [secret, ...recoveryCodes]) expect(kept).not.toContain(shown);
      const { methods, ...rest } = await login({ login: name });
      expect(methods).toEqual(['totp', 'recovery_code']);
      expect(JSON.stringify(rest)).not.toContain(secret);
    });

    it('or the account stays as it was: no password, no session, and the token works on', async () => {
      const offer = await offered();
      expect(
        await post('activate/second-factor', { challengeToken: offer.challengeToken, totp: '000000' }),
      ).toMatchObject(refused);
      expect((await post('login', { login: offer.login, password: PASSWORD })).status).toBe(401);
      expect(await sessionsOf(offer.login)).toBe(0);
      const { activationToken } = offer;
      const again = (await post<Challenge>('activate', { activationToken, password: PASSWORD })).body;
      const totp = code(again.enrolment.totp.secret);
      // The first offer's secret was another one.
      expect(await post('activate/second-factor', { challengeToken: offer.challengeToken, totp })).toMatchObject(
        refused,
      );
      expect((await post('activate/second-factor', { challengeToken: again.challengeToken, totp })).status).toBe(200);
    });

    it('opens nothing else before: the challenge is no token', async () => {
      const { challengeToken } = await offered();
      expect((await server.call('GET', '/v1/audit/events', { token: challengeToken })).status).toBe(401);
      expect(await answer(challengeToken, { totp: '123456' })).toMatchObject(over);
    });

    it.each([
      ['another site', (key: SecurityKey, asked: Asked) => key.create(asked, { origin: 'https://evil.example' })],
      ['another relying party', (key: SecurityKey, asked: Asked) => key.create(asked, { rpId: 'evil.example' })],
      ['another challenge', (key: SecurityKey) => key.create({ challenge: 'A'.repeat(43) })],
    ])('refuses a key made for %s', async (_what, make) => {
      const { challengeToken, enrolment } = await offered();
      const newPasskey = make(new SecurityKey(), enrolment.passkeyOptions);
      expect(await post('activate/second-factor', { challengeToken, newPasskey })).toMatchObject(refused);
    });

    it('refuses a key that belongs to another account, and asks the browser for nothing but its own', async () => {
      const { key } = await withKey();
      const { challengeToken, enrolment } = await offered();
      const newPasskey = key.create(enrolment.passkeyOptions);
      expect(await post('activate/second-factor', { challengeToken, newPasskey })).toMatchObject({
        status: 409,
        body: { code: 'passkey_known' },
      });
      expect(enrolment.passkeyOptions).toMatchObject({
        rp: { id: 'localhost' },
        attestation: 'none',
        excludeCredentials: [],
      });
    });
  });

  describe('a code of an app', () => {
    it('[05] works once, also for another sign-in, and then none before it', async () => {
      const { login: name, secret, app, first } = await withApp();
      expect(await answer((await login({ login: name })).challengeToken, { totp: first })).toMatchObject(refused);
      const next = app.codeNow();
      expect((await answer((await login({ login: name })).challengeToken, { totp: next })).status).toBe(200);
      for (const used of [next, first, code(secret, 1)])
        expect(await answer((await login({ login: name })).challengeToken, { totp: used })).toMatchObject(refused);
    });

    it('from 10 minutes ago is refused', async () => {
      const { login: name, secret } = await withApp();
      // Nothing newer was used, so that only its age speaks against it.
      await server.database.asSuperuser('DELETE FROM staff_totp WHERE last_used_step < 0');
      expect(await answer((await login({ login: name })).challengeToken, { totp: code(secret, 20) })).toMatchObject(
        refused,
      );
    });

    it('of another account is refused', async () => {
      const [one, other] = [await withApp(), await withApp()];
      expect(await answer((await login(one)).challengeToken, { totp: other.app.codeNow() })).toMatchObject(refused);
    });

    it('wins once of 30 at the same time, whether for one sign-in or for many', async () => {
      const { login: name, app } = await withApp();
      const before = await sessionsOf(name);
      const challenges = await fromEverywhere(async (from) => ({
        from,
        ...(await login({ login: name }, PASSWORD, from)),
      }));
      const totp = app.codeNow();
      onceIn(await Promise.all(challenges.map(({ challengeToken, from }) => answer(challengeToken, { totp }, from))));
      expect(await sessionsOf(name)).toBe(Number(before) + 1);

      const one = await withApp();
      const { challengeToken } = await login(one);
      const next = one.app.codeNow();
      onceIn(await fromEverywhere((from) => answer(challengeToken, { totp: next }, from)));
    });
  });

  describe('a recovery code', () => {
    it('wins once of 30 at the same time, each for a sign-in of its own', async () => {
      const { login: name, recoveryCodes } = await withApp();
      const before = await sessionsOf(name);
      const [recoveryCode] = recoveryCodes;
      const challenges = await fromEverywhere(async (from) => ({
        from,
        ...(await login({ login: name }, PASSWORD, from)),
      }));
      const tries = challenges.map(({ challengeToken, from }) => answer(challengeToken, { recoveryCode }, from));
      onceIn(await Promise.all(tries));
      expect(await sessionsOf(name)).toBe(Number(before) + 1);
    });

    it('works once, however it is typed', async () => {
      const { login: name, recoveryCodes } = await withApp();
      const [first = '', second = ''] = recoveryCodes;
      const typed = first.toLowerCase().replaceAll('-', ' ');
      expect((await answer((await login({ login: name })).challengeToken, { recoveryCode: typed })).status).toBe(200);
      for (const again of [first, typed])
        expect(await answer((await login({ login: name })).challengeToken, { recoveryCode: again })).toMatchObject(
          refused,
        );
      expect((await answer((await login({ login: name })).challengeToken, { recoveryCode: second })).status).toBe(200);
    });

    it('of another account is refused and stays good', async () => {
      const [one, other] = [await withApp(), await withApp()];
      const [recoveryCode] = other.recoveryCodes;
      expect(await answer((await login(one)).challengeToken, { recoveryCode })).toMatchObject(refused);
      expect((await answer((await login(other)).challengeToken, { recoveryCode })).status).toBe(200);
    });
  });

  describe('a security key', () => {
    it('signs what the server asks for, and that signature works once', async () => {
      const { login: name, key } = await withKey();
      const asked = await login({ login: name });
      expect(asked.methods).toEqual(['passkey', 'recovery_code']);
      expect(asked.passkeyOptions).toMatchObject({ rpId: 'localhost', allowCredentials: [{ id: key.id }] });
      const passkey = key.get(asked.passkeyOptions as Asked);
      expect((await answer(asked.challengeToken, { passkey })).status).toBe(200);
      expect(await answer(asked.challengeToken, { passkey })).toMatchObject(over);
      expect(await answer((await login({ login: name })).challengeToken, { passkey })).toMatchObject(refused);
    });

    it('wins once of 30 at the same time with one signature', async () => {
      const { login: name, key } = await withKey();
      const { challengeToken, passkeyOptions } = await login({ login: name });
      const passkey = key.get(passkeyOptions as Asked);
      onceIn(await fromEverywhere((from) => answer(challengeToken, { passkey }, from)));
    });

    it.each([
      ['on another site', (key: SecurityKey, asked: Asked) => key.get(asked, { origin: 'https://evil.example' })],
      ['for another relying party', (key: SecurityKey, asked: Asked) => key.get(asked, { rpId: 'evil.example' })],
      ['another challenge', (key: SecurityKey) => key.get({ challenge: 'A'.repeat(43) })],
      [
        'in the name of another key',
        (key: SecurityKey, asked: Asked) => ({ ...new SecurityKey().get(asked), id: key.id, rawId: key.id }),
      ],
      ['with a key that nobody enrolled', (_key: SecurityKey, asked: Asked) => new SecurityKey().get(asked)],
    ])('is refused when it signs %s', async (_what, sign) => {
      const { login: name, key } = await withKey();
      const asked = await login({ login: name });
      const passkey = sign(key, asked.passkeyOptions as Asked);
      expect(await answer(asked.challengeToken, { passkey })).toMatchObject(refused);
    });

    it('of another account is refused', async () => {
      const [one, other] = [await withKey(), await withKey()];
      const asked = await login(one);
      const passkey = other.key.get(asked.passkeyOptions as Asked);
      expect(await answer(asked.challengeToken, { passkey })).toMatchObject(refused);
    });

    it('whose counter went back is a copy and is refused', async () => {
      const { login: name, key } = await withKey();
      await server.database.asSuperuser('UPDATE staff_passkey SET sign_count = 1000 WHERE credential_id = $1', [
        key.id,
      ]);
      const asked = await login({ login: name });
      expect(await answer(asked.challengeToken, { passkey: key.get(asked.passkeyOptions as Asked) })).toMatchObject(
        refused,
      );
    });
  });

  describe('a challenge', () => {
    it('takes five tries, then none', async () => {
      const { login: name, app } = await withApp();
      const { challengeToken } = await login({ login: name });
      for (let n = 1; n <= 5; n += 1) expect(await answer(challengeToken, { totp: '000000' })).toMatchObject(refused);
      expect(await answer(challengeToken, { totp: app.codeNow() })).toMatchObject(over);
    });

    it('is over after ten minutes, and when the account is disabled or reset meanwhile', async () => {
      const { login: name, app, recoveryCodes } = await withApp();
      const { challengeToken } = await login({ login: name });
      await server.database.asSuperuser(`UPDATE staff_challenge SET expires_at = now() WHERE answered_at IS NULL`);
      expect(await answer(challengeToken, { totp: app.codeNow() })).toMatchObject(over);
      const [account] = await server.database.asSuperuser<{ id: string }>('SELECT id FROM staff WHERE login = $1', [
        name,
      ]);
      const change = (status: string) => changeStaff(server, account?.id ?? '', { status });
      const asked = await login({ login: name });
      await change('disabled');
      expect(await answer(asked.challengeToken, { recoveryCode: recoveryCodes[0] })).toMatchObject(over);
      await change('active');
      const before = await sessionsOf(name);
      const last = await login({ login: name });
      const reset = await server.call<{ approvalRequest: { id: string } }>('POST', `/v1/staff/${account?.id}/reset`, {
        token: administrator.token,
        body: { reason: 'Forgotten.' },
      });
      await agreeTo(server, reset.body.approvalRequest.id);
      expect(await answer(last.challengeToken, { recoveryCode: recoveryCodes[1] })).toMatchObject(over);
      expect(await sessionsOf(name)).toBe(before);
    });

    it('is throttled in the database, known or not, whatever the number of challenges', async () => {
      const { login: name } = await withApp();
      const statuses: number[] = [];
      for (let n = 1; n <= 12; n += 1)
        statuses.push((await answer((await login({ login: name })).challengeToken, { totp: '000000' })).status);
      expect(statuses).toEqual([...Array<number>(10).fill(401), 429, 429]);
      expect(await answer('A'.repeat(43), { totp: '000000' })).toMatchObject(over);
    });

    it.each([
      ['no proof', {}],
      ['two proofs', { totp: '123456', recoveryCode: '0000-0000-0000-0000' }],
      ['seven digits', { totp: '1234567' }],
      ['full-width digits', { totp: '１２３４５６' }],
      ['a number', { totp: 123456 }],
      ['an object', { totp: { not: '' } }],
      ['null', { totp: null }],
      ['a new key', { newPasskey: {} }],
      [
        'a key without a response',
        { passkey: { id: 'a', rawId: 'a', type: 'public-key', clientExtensionResults: {} } },
      ],
      ['an array for a key', { passkey: [] }],
      ['an extra field', { totp: '123456', staffId: 'x' }],
    ])('refuses %s with 400 and counts no try', async (_what, proof) => {
      expect(await answer('A'.repeat(43), proof)).toMatchObject({ status: 400, body: { code: 'validation_failed' } });
      const rows = await server.database.asSuperuser('SELECT key FROM sign_in_throttle');
      expect(rows).toEqual([]);
    });
  });

  it('is on record by its kind, without the code', async () => {
    const person = await createStaff(server, 'auditor');
    const events = await server.database.asSuperuser(
      `SELECT action, after->>'method' AS method FROM audit_event WHERE actor_id = $1 ORDER BY id`,
      [person.staffId],
    );
    expect(events).toEqual([
      { action: 'staff.activated', method: 'totp' },
      { action: 'staff.signed_in', method: 'totp' },
    ]);
  });
});
