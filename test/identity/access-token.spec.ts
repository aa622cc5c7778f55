import { createHmac, generateKeyPairSync, hkdfSync, sign } from 'node:crypto';
import { AccessTokens, STAFF_AUDIENCE, TOKEN_ISSUER } from '../../src/identity/access-tokens.js';
import { createTestApp, type TestApp } from '../harness/app.js';
import { signIn, staffToken, type TestStaff } from '../harness/staff.js';

const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url');
const decode = (token: string, part: 0 | 1): Record<string, unknown> =>
  JSON.parse(Buffer.from(token.split('.')[part] ?? '', 'base64url').toString());

describe('an access token', () => {
  let server: TestApp;
  let auditor: TestStaff;
  let key: Buffer;
  let header: Record<string, unknown>;
  let claims: Record<string, unknown>;
  beforeAll(async () => {
    server = await createTestApp();
    auditor = await staffToken(server, 'auditor');
    // The server's own key: every forgery below differs from a good token in the one thing that it names.
    key = Buffer.from(hkdfSync('sha256', server.config.tokenSecret, '', STAFF_AUDIENCE, 32));
    header = decode(auditor.token, 0);
    claims = decode(auditor.token, 1);
  });
  afterAll(() => server.close());

  const hs = (algorithm: string, signingKey: Buffer | string, head: object, body: object) => {
    const content = `${encode(head)}.${encode(body)}`;
    return `${content}.${createHmac(algorithm, signingKey).update(content).digest('base64url')}`;
  };
  const status = async (authorization: string) =>
    (await server.call('GET', '/v1/audit/events', { headers: { authorization } })).status;

  it('carries who and in which session, and nothing about the person or the role', () => {
    expect(Object.keys(claims).sort()).toEqual(['aud', 'exp', 'iat', 'iss', 'sid', 'sub']);
    expect(Number(claims.exp) - Number(claims.iat)).toBe(600);
    expect(header).toEqual({ alg: 'HS256', typ: 'JWT', kid: server.app.get(AccessTokens, { strict: false }).keyId });
  });

  it('is believed when everything about it is right', async () => {
    expect(await status(`Bearer ${hs('sha256', key, header, claims)}`)).toBe(200);
  });

  it.each([
    ['no algorithm', () => `${encode({ ...header, alg: 'none' })}.${encode(claims)}.`],
    ['no algorithm but a signature', () => hs('sha256', key, { ...header, alg: 'none' }, claims)],
    ['HS384', () => hs('sha384', key, { ...header, alg: 'HS384' }, claims)],
    ['HS512', () => hs('sha512', key, { ...header, alg: 'HS512' }, claims)],
    ['a foreign key', () => hs('sha256', Buffer.alloc(32, 7), header, claims)],
    ['the secret itself as the key', () => hs('sha256', server.config.tokenSecret, header, claims)],
    ['a foreign kid', () => hs('sha256', key, { ...header, kid: 'another' }, claims)],
    ['no kid', () => hs('sha256', key, { alg: 'HS256', typ: 'JWT' }, claims)],
    ['a kid that is a path', () => hs('sha256', Buffer.alloc(0), { ...header, kid: '../../../../dev/null' }, claims)],
    [
      'a foreign key with jku and jwk',
      () =>
        hs(
          'sha256',
          Buffer.alloc(32, 7),
          { ...header, jku: 'http://127.0.0.1/keys', jwk: { kty: 'oct', k: 'Bw' } },
          claims,
        ),
    ],
    ['another audience', () => hs('sha256', key, header, { ...claims, aud: 'henkin:customer' })],
    ['no audience', () => hs('sha256', key, header, { ...claims, aud: undefined })],
    ['another issuer', () => hs('sha256', key, header, { ...claims, iss: 'someone' })],
    ['its time over', () => hs('sha256', key, header, { ...claims, iat: 1, exp: 2 })],
    ['its time not begun', () => hs('sha256', key, header, { ...claims, nbf: Number(claims.exp) })],
    ['no session', () => hs('sha256', key, header, { ...claims, sid: undefined })],
    ['another person', () => hs('sha256', key, header, { ...claims, sub: '01932c07-209c-7e5f-8a3c-5a0c8f1f6a03' })],
    ['claims that are no object', () => hs('sha256', key, header, ['x'])],
    [
      'a changed payload under its old signature',
      () =>
        `${encode(header)}.${encode({ ...claims, aud: STAFF_AUDIENCE, iss: TOKEN_ISSUER, extra: 1 })}.${auditor.token.split('.')[2]}`,
    ],
    ['a signature cut off', () => auditor.token.slice(0, -4)],
    ['garbage', () => 'a.b.c'],
    ['nothing', () => ''],
  ])('[08] is refused with %s', async (_what, forged) => {
    const answer = await server.call('GET', '/v1/audit/events', { headers: { authorization: `Bearer ${forged()}` } });
    expect(answer).toMatchObject({
      status: 401,
      body: { code: 'unauthenticated' },
      headers: { 'www-authenticate': 'Bearer' },
    });
  });

  it('[08] is refused when signed with RS256, whatever the key', async () => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const content = `${encode({ ...header, alg: 'RS256' })}.${encode(claims)}`;
    expect(
      await status(`Bearer ${content}.${sign('sha256', Buffer.from(content), privateKey).toString('base64url')}`),
    ).toBe(401);
  });

  it('is read from the Authorization header only', async () => {
    const elsewhere = [
      server.call('GET', `/v1/audit/events?access_token=${auditor.token}`),
      server.call('GET', '/v1/audit/events', { headers: { cookie: `token=${auditor.token}` } }),
      server.call('GET', '/v1/audit/events', { headers: { 'x-access-token': auditor.token } }),
    ];
    for (const answer of await Promise.all(elsewhere)) expect(answer.status).toBe(401);
    expect(await status(`Basic ${auditor.token}`)).toBe(401);
  });

  it('of one server is worth nothing on another', async () => {
    const other = await createTestApp({ tokenSecret: 'another secret that only tests know' });
    try {
      const there = await staffToken(other, 'auditor');
      expect(await status(`Bearer ${there.token}`)).toBe(401);
      expect((await other.call('GET', '/v1/audit/events', { token: auditor.token })).status).toBe(401);
      // Two servers in one process do not mix up whom they know.
      expect((await other.call('GET', '/v1/audit/events', { token: there.token })).status).toBe(200);
      expect(await status(`Bearer ${(await signIn(server, auditor)).token}`)).toBe(200);
    } finally {
      await other.close();
    }
  });
});
