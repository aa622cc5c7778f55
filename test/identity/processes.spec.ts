import { AuthenticatorApp } from '../../src/demo/authenticator-app.js';
import { createTestDatabase, type TestDatabase } from '../harness/database.js';
import { runBuilt, startServer, type ServerProcess } from '../harness/server-process.js';

interface Challenge {
  readonly challengeToken: string;
  readonly enrolment?: { readonly totp: { readonly secret: string } };
}

interface Tokens {
  readonly accessToken: string;
  readonly refreshToken: string;
}

const LOGIN = 'canary.operator';
const NAME = 'Canary Display Name';
const PASSWORD = 'canary password that no log may hold';

describe('real processes', () => {
  let database: TestDatabase;
  let servers: ServerProcess[] = [];
  const secrets: string[] = [PASSWORD];
  let recoveryCodes: string[] = [];
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(async () => {
    await Promise.all(servers.map((server) => server.stop()));
    await database.drop();
  });

  const post = async <B>(server: ServerProcess | undefined, path: string, body: unknown, token?: string) => {
    const answer = await fetch(`${server?.url}${path}`, {
      method: 'POST',
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json', ...(token ? { authorization: `Bearer ${token}` } : {}) },
    });
    const text = await answer.text();
    return { status: answer.status, body: (text === '' ? null : JSON.parse(text)) as B };
  };
  /** Both steps; the answer of the first where that refuses. */
  const login = async (server: ServerProcess | undefined, password = PASSWORD) => {
    const first = await post<Challenge & Tokens>(server, '/v1/auth/login', { login: LOGIN, password });
    if (first.status !== 200) return first;
    const { challengeToken } = first.body;
    const answer = await post<Tokens>(server, '/v1/auth/login/second-factor', {
      challengeToken,
      recoveryCode: recoveryCodes.pop(),
    });
    secrets.push(challengeToken, answer.body.accessToken, answer.body.refreshToken);
    return answer;
  };

  it('staff:create makes the first two administrators without choosing a password, and no third', async () => {
    const made = await runBuilt('identity/create-staff.cli.js', ['--login', LOGIN, '--name', NAME], database);
    expect(made).toMatchObject({ code: 0, output: expect.stringContaining('POST /v1/auth/activate') });
    const token = /"activationToken":"([\w-]{43})"/.exec(made.output)?.[1];
    expect(token).toBeDefined();
    secrets.push(String(token));
    const more = (login: string) =>
      runBuilt('identity/create-staff.cli.js', ['--login', login, '--name', 'Another'], database);
    const second = await more('another');
    expect(second.code).toBe(0);
    secrets.push(/"activationToken":"([\w-]{43})"/.exec(second.output)?.[1] ?? '');
    expect(await more('a.third')).toMatchObject({
      code: 1,
      output: expect.stringContaining('There are two administrators already'),
    });
    const wrong = await runBuilt('identity/create-staff.cli.js', ['--login', 'a b', '--name', 'Another'], database);
    expect(wrong).toMatchObject({ code: 1, output: expect.stringContaining('Nothing was done') });
    expect(await database.asSuperuser('SELECT login, role, password_hash FROM staff ORDER BY id')).toEqual([
      { login: LOGIN, role: 'administrator', password_hash: null },
      { login: 'another', role: 'administrator', password_hash: null },
    ]);
    expect(await database.asSuperuser('SELECT actor_id, action FROM audit_event')).toEqual([
      { actor_id: 'operator', action: 'staff.created' },
      { actor_id: 'operator', action: 'staff.created' },
    ]);

    servers = await Promise.all([startServer(database), startServer(database)]);
    const { body } = await post<Challenge>(servers[0], '/v1/auth/activate', {
      activationToken: token,
      password: PASSWORD,
    });
    const { challengeToken, enrolment } = body;
    const secret = String(enrolment?.totp.secret);
    const totp = new AuthenticatorApp(secret).codeNow();
    // The other server answers: what is asked is in the database.
    const enrolled = await post<Tokens & { recoveryCodes: string[] }>(servers[1], '/v1/auth/activate/second-factor', {
      challengeToken,
      totp,
    });
    expect(enrolled.status).toBe(200);
    recoveryCodes = enrolled.body.recoveryCodes;
    expect(recoveryCodes).toHaveLength(10);
    secrets.push(challengeToken, secret, enrolled.body.accessToken, ...recoveryCodes);
  });

  it('of 30 refreshes over the network and two servers one wins', async () => {
    for (let round = 1; round <= 3; round += 1) {
      const { refreshToken } = (await login(servers[round % 2])).body;
      const answers = await Promise.all(
        Array.from({ length: 30 }, (_, n) => post<Tokens>(servers[n % 2], '/v1/auth/refresh', { refreshToken })),
      );
      const winners = answers.filter(({ status }) => status === 200).map(({ body }) => body);
      expect(winners).toHaveLength(1);
      expect(answers.filter(({ status }) => status === 401)).toHaveLength(29);
      secrets.push(...winners.flatMap((tokens) => [tokens.accessToken, tokens.refreshToken]));
    }
  });

  it('[04] failed sign-ins are counted by both servers together, and a restart keeps the count', async () => {
    await database.asSuperuser('DELETE FROM sign_in_throttle');
    for (let n = 0; n < 10; n += 1) expect((await login(servers[n % 2], 'a wrong password')).status).toBe(401);
    for (const server of servers) expect((await login(server)).status).toBe(429);
    await servers[0]?.stop();
    const restarted = await startServer(database);
    servers = [restarted, ...servers.slice(1)];
    expect((await login(restarted)).status).toBe(429);
    await database.asSuperuser('DELETE FROM sign_in_throttle');
    expect((await login(restarted)).status).toBe(200);
  });

  it('a logout on one server bites on the other', async () => {
    const { accessToken } = (await login(servers[0])).body;
    expect((await post(servers[0], '/v1/auth/logout', {}, accessToken)).status).toBe(204);
    expect((await post(servers[1], '/v1/auth/logout', {}, accessToken)).status).toBe(401);
  });

  it('[22] writes no password, token, login or name into the log, and notes refusals', async () => {
    const [server] = servers;
    const { accessToken } = (await login(server)).body;
    expect(
      (
        await fetch(`${server?.url}/v1/audit/events?q=${PASSWORD}`, {
          headers: { authorization: `Bearer ${accessToken}` },
        })
      ).status,
    ).toBe(403);
    await post(server, '/v1/auth/login', { login: `${LOGIN}\n{"level":30,"msg":"forged"}`, password: PASSWORD });
    await post(server, '/v1/auth/activate', { activationToken: 'x', password: PASSWORD });
    expect((await login(server, 'a wrong password')).status).toBe(401);
    for (const running of servers) await running.stop();
    const output = servers.map((stopped) => stopped.output()).join('\n');
    for (const noted of ['authorization refused', 'sign-in refused']) expect(output).toContain(noted);
    for (const secret of [...secrets, LOGIN, NAME, 'forged']) expect(output).not.toContain(secret);
    servers = [];
  });
});
