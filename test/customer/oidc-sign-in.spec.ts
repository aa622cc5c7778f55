import type { OidcStartedView } from '../../src/identity/oidc.dto.js';
import { createTestApp, type Answer, type TestApp } from '../harness/app.js';
import {
  startIdentityProvider,
  type Attack,
  type Claims,
  type Forgery,
  type IdentityProvider,
} from '../harness/identity-provider.js';

interface Signed {
  readonly accessToken: string;
}

describe('signing in as a customer at the exchange’s identity provider', () => {
  let provider: IdentityProvider;
  let server: TestApp;
  beforeAll(async () => {
    provider = await startIdentityProvider();
    server = await createTestApp(provider.settingsFor('customer'));
    await server.database.asSuperuser(
      `INSERT INTO holder (customer_no, kind, country, language, account_status, identity_status)
       VALUES ('C1', 'individual', 'JP', 'ja', 'open', 'none'), ('C2', 'individual', 'JP', 'ja', 'deceased', 'none')`,
    );
  });
  afterEach(() => provider.forge(null));
  afterAll(async () => {
    await server.close();
    await provider.close();
  });

  const start = async () => (await server.call<OidcStartedView>('POST', '/v1/auth/customer/oidc/start')).body;
  const finish = (body: object): Promise<Answer<Signed>> =>
    server.call('POST', '/v1/auth/customer/oidc/callback', { body });
  const C1 = { sub: 'person-1', claims: { customer_no: 'C1' } };
  /** The whole way. */
  const signIn = async (claims: Claims = C1.claims, attack?: Attack) =>
    finish(await provider.visit(await start(), { ...C1, claims }, attack));
  const refused = { status: 401, body: { code: 'oidc_refused' } };

  it('opens a session of the customer whom the provider names by number', async () => {
    const { status, body, headers } = await signIn();
    expect(status).toBe(200);
    expect(headers['cache-control']).toBe('no-store');
    expect((await server.call('GET', '/v1/claims', { token: body.accessToken })).status).toBe(401);
    expect((await server.call('POST', '/v1/auth/customer/logout', { token: body.accessToken })).status).toBe(204);
    expect(await server.database.asSuperuser('SELECT method FROM customer_sign_in')).toEqual([{ method: 'openid' }]);
    expect(await server.database.asSuperuser(`SELECT customer_no FROM holder WHERE oidc_subject = 'person-1'`)).toEqual(
      [{ customer_no: 'C1' }],
    );
  });

  it('asks with PKCE, state and nonce, and keeps all three to itself', async () => {
    const { signInSecret, authorizationUrl } = await start();
    const asked = new URL(authorizationUrl).searchParams;
    expect(Object.fromEntries(asked)).toMatchObject({
      response_type: 'code',
      scope: 'openid',
      code_challenge_method: 'S256',
      redirect_uri: provider.redirectUri,
    });
    const rows = await server.database.asSuperuser<{ text: string; code_verifier: string }>(
      'SELECT to_jsonb(s)::text AS text, code_verifier FROM oidc_sign_in s WHERE state = $1',
      [asked.get('state')],
    );
    expect(rows).toHaveLength(1);
    expect(rows[0]?.text).not.toContain(signInSecret);
    expect(authorizationUrl).not.toContain(rows[0]?.code_verifier);
    expect(authorizationUrl).not.toContain(signInSecret);
  });

  it.each<[string, Attack]>([
    ['another state', { back: { state: 'x'.repeat(43) } }],
    ['another issuer in the answer', { back: { iss: 'https://elsewhere.example' } }],
    ['a code of nobody', { back: { code: 'x'.repeat(43) } }],
    ['the secret of no window', { back: { signInSecret: 'x'.repeat(43) } }],
    ['another PKCE challenge', { there: { code_challenge: 'x'.repeat(43) } }],
    ['a nonce that was not asked for', { there: { nonce: 'x'.repeat(43) } }],
  ])('refuses %s', async (_what, attack) => {
    expect(await signIn(undefined, attack)).toMatchObject(refused);
  });

  it('accepts an ID token that was written anew without a change', async () => {
    provider.forge({});
    expect((await signIn()).status).toBe(200);
  });

  it.each<[string, Forgery]>([
    ['of another issuer', { claims: { iss: 'https://elsewhere.example' } }],
    ['for another audience', { claims: { aud: 'someone-else' } }],
    ['with another nonce', { claims: { nonce: 'x'.repeat(43) } }],
    ['that is past its time', { claims: { iat: 1_500_000_000, exp: 1_500_000_600 } }],
    ['signed by another key', { foreignKey: true }],
  ])('[08] refuses an ID token %s', async (_what, forgery) => {
    provider.forge(forgery);
    expect(await signIn()).toMatchObject(refused);
  });

  it.each<[string, Claims]>([
    ['nobody here', { customer_no: 'C999' }],
    ['the deceased', { customer_no: 'C2' }],
    ['no number', {}],
    ['a number that is none', { customer_no: { not: '' } }],
  ])('refuses a person whom the provider calls %s', async (_what, claims) => {
    expect(await signIn(claims)).toMatchObject(refused);
  });

  it('[05] an answer works once, also when it is given thirty times at once', async () => {
    const body = await provider.visit(await start(), C1);
    const answers = await Promise.all(Array.from({ length: 30 }, () => finish(body)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(await finish(body)).toMatchObject(refused);
  });

  it('an answer that did not fit is spent too', async () => {
    const body = await provider.visit(await start(), C1);
    expect(await finish({ ...body, state: 'x'.repeat(43) })).toMatchObject(refused);
    expect(await finish(body)).toMatchObject(refused);
  });

  it('one window cannot finish what another began', async () => {
    const [mine, theirs] = [await start(), await start()];
    const back = await provider.visit(theirs, C1);
    expect(await finish({ ...back, signInSecret: mine.signInSecret })).toMatchObject(refused);
  });

  it('a sign-in that was begun more than ten minutes ago is refused', async () => {
    const body = await provider.visit(await start(), C1);
    await server.database.asSuperuser(`UPDATE oidc_sign_in SET expires_at = now() - interval '1 second'`);
    expect(await finish(body)).toMatchObject(refused);
  });

  it('what was begun for staff is not finished for customers', async () => {
    const body = await provider.visit(await start(), C1);
    await server.database.asSuperuser(`UPDATE oidc_sign_in SET realm = 'staff'`);
    expect(await finish(body)).toMatchObject(refused);
  });

  it.each([
    [{}],
    [{ signInSecret: 'short', code: 'c', state: 's' }],
    [{ signInSecret: 'x'.repeat(43), code: ['c'], state: 's' }],
    [{ signInSecret: 'x'.repeat(43), code: 'c', state: 's', customerNo: 'C1' }],
  ])('refuses %j', async (body) => {
    expect(await finish(body)).toMatchObject({ status: 400, body: { code: 'validation_failed' } });
  });

  it('says so where no provider is set up, and where it does not answer', async () => {
    const [mute, lost] = [
      await createTestApp(),
      await createTestApp({
        ...provider.settingsFor('customer'),
        customerOidcIssuer: 'http://127.0.0.1:9',
      }),
    ];
    try {
      const begun = (app: TestApp) => app.call('POST', '/v1/auth/customer/oidc/start');
      expect(await begun(mute)).toMatchObject({ status: 503, body: { code: 'oidc_not_offered' } });
      expect(await begun(lost)).toMatchObject({ status: 503, body: { code: 'oidc_unavailable' } });
    } finally {
      await mute.close();
      await lost.close();
    }
  });

  it('the application cannot prolong or change what was begun', async () => {
    for (const sql of [
      `UPDATE oidc_sign_in SET expires_at = 'infinity'`,
      `UPDATE oidc_sign_in SET realm = 'staff'`,
      `INSERT INTO oidc_sign_in (secret_hash, realm, state, nonce, code_verifier, expires_at)
       VALUES (repeat('a', 64), 'customer', repeat('a', 43), repeat('a', 43), repeat('a', 43), 'infinity')`,
      'TRUNCATE oidc_sign_in',
    ])
      await expect(server.database.asApp(sql)).rejects.toMatchObject({ code: '42501' });
  });
});
