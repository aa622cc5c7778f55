import { createTestApp, type TestApp } from '../harness/app.js';
import { agreeTo, createStaff, signIn, staffToken, type TestStaff } from '../harness/staff.js';

describe('signing in', () => {
  let server: TestApp;
  let agent: TestStaff;
  beforeAll(async () => {
    server = await createTestApp();
    agent = await createStaff(server, 'support_agent');
  });
  afterAll(() => server.close());

  const login = (body: unknown, options: { remoteAddress?: string; headers?: Record<string, string> } = {}) =>
    server.call<Record<string, unknown>>('POST', '/v1/auth/login', { body, ...options });
  const fails = (login_: string, remoteAddress: string, headers: Record<string, string> = {}) =>
    login({ login: login_, password: 'certainly not this one' }, { remoteAddress, headers });

  it('answers in two steps: a challenge without any token, then tokens that nobody may store', async () => {
    const first = await login({ login: agent.login.toUpperCase(), password: agent.password });
    expect(first).toMatchObject({ status: 200, headers: { 'cache-control': 'no-store' } });
    expect(first.body).toEqual({
      challengeToken: expect.stringMatching(/^[\w-]{43}$/),
      expiresInSeconds: 600,
      methods: ['totp', 'recovery_code'],
      passkeyOptions: null,
    });
    const answer = await server.call<Record<string, unknown>>('POST', '/v1/auth/login/second-factor', {
      body: { challengeToken: first.body.challengeToken, ...(await agent.proof()) },
    });
    expect(answer.status).toBe(200);
    expect(Object.keys(answer.body).sort()).toEqual(['accessToken', 'expiresInSeconds', 'refreshToken']);
    expect(answer.body.expiresInSeconds).toBe(600);
    expect(answer.headers['cache-control']).toBe('no-store');
    const me = await server.call('POST', '/v1/auth/logout', { token: String(answer.body.accessToken) });
    expect(me.status).toBe(204);
  });

  it('takes the same password typed full-width', async () => {
    const fullWidth = [...agent.password]
      .map((character) => (/[!-~]/.test(character) ? String.fromCharCode(character.charCodeAt(0) + 0xfee0) : character))
      .join('');
    expect((await login({ login: agent.login, password: fullWidth })).status).toBe(200);
  });

  it('[03] answers an unknown login, a wrong password, a disabled and a never activated account alike', async () => {
    const { token } = await staffToken(server, 'administrator');
    const disabled = await createStaff(server, 'support_agent');
    await server.call('PATCH', `/v1/staff/${disabled.staffId}`, { token, body: { status: 'disabled' } });
    const asked = await server.call<{ approvalRequest: { id: string } }>('POST', '/v1/staff', {
      token,
      body: { login: 'never.activated', displayName: 'Never', role: 'team_lead' },
    });
    await agreeTo(server, asked.body.approvalRequest.id);
    const address = '10.1.0.1';
    const answers = [
      await fails('nobody.at-all', address),
      await fails(agent.login, address),
      await login({ login: disabled.login, password: disabled.password }, { remoteAddress: address }),
      await fails('never.activated', address),
    ];
    const bodies = answers.map(({ status, body: { requestId: _own, ...rest } }) => ({ status, ...rest }));
    expect(bodies[0]).toMatchObject({ status: 401, code: 'sign_in_refused' });
    for (const body of bodies) expect(body).toEqual(bodies[0]);
    const headers = answers.map(
      ({ headers: { 'x-request-id': _id, 'content-length': _length, date: _date, ...rest } }) => rest,
    );
    for (const header of headers) expect(header).toEqual(headers[0]);
  });

  it('leaves no session behind when it refuses', async () => {
    const [before] = await server.database.asSuperuser<{ n: string }>('SELECT count(*) AS n FROM staff_session');
    await fails(agent.login, '10.1.0.2');
    const [after] = await server.database.asSuperuser<{ n: string }>('SELECT count(*) AS n FROM staff_session');
    expect(after).toEqual(before);
  });

  it.each([
    ['no body', undefined],
    ['an extra field', { login: 'a.b', password: 'x', role: 'administrator' }],
    ['an object for the login', { login: { not: '' }, password: 'x' }],
    ['an array for the password', { login: 'abc', password: ['x'] }],
    ['an empty password', { login: 'abc', password: '' }],
    ['a password over 1024 bytes', { login: 'abc', password: 'あ'.repeat(342) }],
    ['a control character in the login', { login: 'ab\u0001c', password: 'x' }],
  ])('refuses %s with 400', async (_what, body) => {
    const answer = await login(body);
    expect(answer).toMatchObject({ status: 400, body: { code: 'validation_failed' } });
  });

  it('does not take a password from the URL', async () => {
    const answer = await server.call(
      'POST',
      `/v1/auth/login?login=${agent.login}&password=${encodeURIComponent(agent.password)}`,
      { body: {} },
    );
    expect(answer.status).toBe(400);
  });

  describe('throttled', () => {
    it('[04] stops guessing one account from one address, known or not, and a spoofed X-Forwarded-For changes nothing', async () => {
      for (const [name, address] of [
        [agent.login, '10.2.0.1'],
        ['nobody.here', '10.2.0.2'],
      ] as const) {
        const statuses: number[] = [];
        for (let n = 1; n <= 12; n += 1)
          statuses.push((await fails(name, address, { 'x-forwarded-for': `203.0.113.${n}` })).status);
        expect(statuses).toEqual([...Array<number>(10).fill(401), 429, 429]);
      }
      const refused = await login({ login: agent.login, password: agent.password }, { remoteAddress: '10.2.0.1' });
      expect(refused).toMatchObject({ status: 429, body: { code: 'too_many_sign_ins' } });
      expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
      expect(refused.body.retryAfterSeconds).toBeGreaterThan(0);
      expect(refused.body.retryAfterSeconds).toBeLessThanOrEqual(15 * 60);
    });

    it('counts parallel tries too', async () => {
      const answers = await Promise.all(Array.from({ length: 30 }, () => fails('parallel.guess', '10.2.0.3')));
      expect(answers.filter(({ status }) => status === 401)).toHaveLength(10);
      expect(answers.filter(({ status }) => status === 429)).toHaveLength(20);
    });

    it('is counted in the database, without the login in clear', async () => {
      const rows = await server.database.asSuperuser<{ key: string }>('SELECT key FROM sign_in_throttle');
      expect(rows.length).toBeGreaterThan(0);
      expect(JSON.stringify(rows)).not.toContain(agent.login);
    });

    it('[04] never locks a victim out: many addresses failing do not stop the one that the account uses', async () => {
      const victim = await createStaff(server, 'support_agent');
      const statuses = await Promise.all(Array.from({ length: 60 }, (_, n) => fails(victim.login, `10.3.0.${n}`)));
      expect(statuses.filter(({ status }) => status === 429).length).toBeGreaterThanOrEqual(8);
      expect(
        (await login({ login: victim.login, password: victim.password }, { remoteAddress: '10.3.1.1' })).status,
      ).toBe(429);
      expect((await login({ login: victim.login, password: victim.password })).status).toBe(200);
    });

    it('ends by itself when the window is over, whatever was tried meanwhile', async () => {
      const person = await createStaff(server, 'support_agent');
      const from = { remoteAddress: '10.4.0.1' };
      for (let n = 1; n <= 14; n += 1) await fails(person.login, from.remoteAddress);
      expect((await login({ login: person.login, password: person.password }, from)).status).toBe(429);
      const [latest] = await server.database.asSuperuser<{ wait: string }>(
        `SELECT max(expire) - extract(epoch FROM now()) * 1000 AS wait FROM sign_in_throttle WHERE key LIKE 'pair:%'`,
      );
      expect(Number(latest?.wait)).toBeLessThanOrEqual(15 * 60 * 1000);
      await server.database.asSuperuser('UPDATE sign_in_throttle SET expire = 0');
      expect((await login({ login: person.login, password: person.password }, from)).status).toBe(200);
    });

    it('a right password takes its own count back', async () => {
      const person = await createStaff(server, 'support_agent');
      for (let n = 1; n <= 3; n += 1) {
        for (let failed = 1; failed <= 8; failed += 1) await fails(person.login, '10.5.0.1');
        expect(
          (await login({ login: person.login, password: person.password }, { remoteAddress: '10.5.0.1' })).status,
        ).toBe(200);
      }
    });
  });

  it('[01] records each sign-in, and keeps neither password nor token anywhere in the database', async () => {
    const { refreshToken, token } = await signIn(server, agent);
    const [event] = await server.database.asSuperuser<{ actor_role: string }>(
      `SELECT actor_role FROM audit_event WHERE action = 'staff.signed_in' AND actor_id = $1 ORDER BY id DESC LIMIT 1`,
      [agent.staffId],
    );
    expect(event).toEqual({ actor_role: 'support_agent' });
    const rows = await server.database.asSuperuser(
      'SELECT to_jsonb(s) FROM staff s UNION ALL SELECT to_jsonb(t) FROM staff_refresh_token t UNION ALL SELECT to_jsonb(e) FROM audit_event e',
    );
    const everything = JSON.stringify(rows);
    expect(everything).toContain('$argon2id$v=19$m=19456,t=2,p=1$');
    for (const secret of [agent.password, refreshToken, token]) expect(everything).not.toContain(secret);
  });
});
