import type { OidcStartedView } from '../../src/identity/oidc.dto.js';
import { createTestApp, type TestApp } from '../harness/app.js';
import {
  startIdentityProvider,
  type Attack,
  type Forgery,
  type IdentityProvider,
} from '../harness/identity-provider.js';
import { agreeTo, changeStaff, createStaff, staffToken, type TestStaff } from '../harness/staff.js';

interface SignedIn {
  readonly code?: string;
  readonly tokens: { readonly accessToken: string } | null;
  readonly challenge: { readonly challengeToken: string; readonly methods: readonly string[] } | null;
}

const MFA = ['pwd', 'mfa'];
const refused = { status: 401, body: { code: 'oidc_refused' } };
const minutesAgo = (minutes: number) => Math.floor(Date.now() / 1000) - minutes * 60;

describe('signing in as staff at the company’s identity provider', () => {
  let provider: IdentityProvider;
  let server: TestApp;
  let person: TestStaff;
  beforeAll(async () => {
    provider = await startIdentityProvider();
    server = await createTestApp(provider.settingsFor('staff'));
    person = await createStaff(server, 'auditor');
    await changeStaff(server, person.staffId, { oidcSubject: 'person-1' });
  });
  afterEach(() => provider.forge(null));
  afterAll(async () => {
    await server.close();
    await provider.close();
  });

  const start = async (path = 'oidc', token?: string) =>
    (await server.call<OidcStartedView>('POST', `/v1/auth/${path}/start`, token ? { token } : {})).body;
  const signIn = async ({ sub = 'person-1', amr = MFA, ...attack }: Attack & { sub?: string; amr?: string[] } = {}) =>
    server.call<SignedIn>('POST', '/v1/auth/oidc/callback', {
      body: await provider.visit(await start(), { sub, amr }, attack),
    });
  const stepUp = async (token: string, { sub = 'person-1', amr = MFA, begin = 'step-up/oidc' } = {}) =>
    server.call<{ freshUntil: string }>('POST', '/v1/auth/step-up/oidc/callback', {
      token,
      body: await provider.visit(await start(begin, token), { sub, amr }),
    });
  const accessToken = async () => (await signIn()).body.tokens?.accessToken ?? '';
  const works = async (token: string) => (await server.call('GET', '/v1/audit/events', { token })).status;

  it('[05] opens a session of the account that two people linked, when a second factor was shown there', async () => {
    const { status, body, headers } = await signIn();
    expect({ status, challenge: body.challenge }).toEqual({ status: 200, challenge: null });
    expect(headers['cache-control']).toBe('no-store');
    expect(await works(body.tokens?.accessToken ?? '')).toBe(200);
    const [event] = await server.database.asSuperuser<{ method: string }>(
      `SELECT after->>'method' AS method FROM audit_event WHERE action = 'staff.signed_in' AND subject_id = $1 ORDER BY id DESC LIMIT 1`,
      [person.staffId],
    );
    expect(event).toEqual({ method: 'oidc' });
  });

  it('[05] is worth a password where no second factor was shown: the account’s own is asked for', async () => {
    const { status, body } = await signIn({ amr: ['pwd'] });
    expect({ status, tokens: body.tokens }).toEqual({ status: 200, tokens: null });
    expect(body.challenge?.methods).toContain('recovery_code');
    const second = await server.call('POST', '/v1/auth/login/second-factor', {
      body: { challengeToken: body.challenge?.challengeToken, ...(await person.proof()) },
    });
    expect(second.status).toBe(200);
  });

  it('needs neither password nor factor here, but somebody who was activated or a factor there', async () => {
    const administrator = await staffToken(server, 'administrator');
    const asked = await server.call<{ id: string; approvalRequest: { id: string } }>('POST', '/v1/staff', {
      token: administrator.token,
      body: { login: 'only.there', displayName: 'A', role: 'auditor' },
    });
    await agreeTo(server, asked.body.approvalRequest.id);
    await changeStaff(server, asked.body.id, { oidcSubject: 'person-2' });
    expect(await signIn({ sub: 'person-2', amr: ['pwd'] })).toMatchObject(refused);
    const { body } = await signIn({ sub: 'person-2' });
    expect(await works(body.tokens?.accessToken ?? '')).toBe(200);
  });

  it('asks with PKCE, state, nonce and the age of a session', async () => {
    const { authorizationUrl } = await start();
    expect(Object.fromEntries(new URL(authorizationUrl).searchParams)).toMatchObject({
      response_type: 'code',
      code_challenge_method: 'S256',
      max_age: '43200',
      state: expect.any(String),
      nonce: expect.any(String),
    });
  });

  it.each<[string, Attack]>([
    ['another state', { back: { state: 'x'.repeat(43) } }],
    ['another issuer in the answer', { back: { iss: 'https://elsewhere.example' } }],
    ['a code of nobody', { back: { code: 'x'.repeat(43) } }],
    ['the secret of no window', { back: { signInSecret: 'x'.repeat(43) } }],
    ['another PKCE challenge', { there: { code_challenge: 'x'.repeat(43) } }],
    ['a nonce that was not asked for', { there: { nonce: 'x'.repeat(43) } }],
  ])('refuses %s', async (_what, attack) => {
    expect(await signIn(attack)).toMatchObject(refused);
  });

  it.each<[string, Forgery]>([
    ['of another issuer', { claims: { iss: 'https://elsewhere.example' } }],
    ['for another audience', { claims: { aud: 'someone-else' } }],
    ['with another nonce', { claims: { nonce: 'x'.repeat(43) } }],
    ['signed by another key', { foreignKey: true }],
    ['that is past its time', { claims: { iat: 1_500_000_000, exp: 1_500_000_600 } }],
    ['of a sign-in at the provider yesterday', { claims: { auth_time: minutesAgo(24 * 60) } }],
    ['that does not say when', { claims: { auth_time: null } }],
    ['of somebody unknown', { claims: { sub: 'person-9' } }],
  ])('[08] refuses an ID token %s', async (_what, forgery) => {
    provider.forge(forgery);
    expect(await signIn()).toMatchObject(refused);
  });

  it.each([[['otp']], [[7, { mfa: true }]], ['mfa']])('takes %j for no second factor', async (amr) => {
    provider.forge({ claims: { amr, acr: '0' } });
    expect((await signIn()).body.tokens).toBeNull();
  });

  it('takes acr for a second factor, where it says so', async () => {
    provider.forge({ claims: { amr: ['pwd'], acr: 'mfa' } });
    expect((await signIn()).body.tokens).not.toBeNull();
  });

  it('[05] an answer works once, also when it is given thirty times at once', async () => {
    const body = await provider.visit(await start(), { sub: 'person-1', amr: MFA });
    const answers = await Promise.all(
      Array.from({ length: 30 }, () => server.call('POST', '/v1/auth/oidc/callback', { body })),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  });

  it('[05] is as fresh as what was shown to the provider, and made fresh again by showing it anew', async () => {
    const keys = (token: string) => server.call('GET', '/v1/contacts/daily.csv?day=2018-03-12', { token });
    expect((await keys(await accessToken())).body).not.toMatchObject({ code: 'step_up_required' });
    provider.forge({ claims: { auth_time: minutesAgo(6) } });
    const token = await accessToken();
    expect(await keys(token)).toMatchObject({ status: 403, body: { code: 'step_up_required' } });
    expect(await stepUp(token)).toMatchObject(refused);
    provider.forge(null);
    expect(await stepUp(token, { amr: ['pwd'] })).toMatchObject(refused);
    expect(await stepUp(token, { sub: 'person-9' })).toMatchObject(refused);
    expect(await keys(token)).toMatchObject({ status: 403 });
    const { status, body } = await stepUp(token);
    expect(status).toBe(200);
    expect(Date.parse(body.freshUntil)).toBeGreaterThan(Date.now() + 3 * 60_000);
    expect((await keys(token)).body).not.toMatchObject({ code: 'step_up_required' });
  });

  it('a session is not made fresh by somebody else’s proof', async () => {
    const other = await createStaff(server, 'auditor');
    expect(await stepUp(other.token)).toMatchObject(refused);
    await changeStaff(server, other.staffId, { oidcSubject: 'person-3' });
    expect(await stepUp(other.token)).toMatchObject(refused);
    expect((await stepUp(other.token, { sub: 'person-3' })).status).toBe(200);
  });

  it('is linked by two people, with one account, and unlinked by one', async () => {
    const administrator = await staffToken(server, 'administrator');
    const other = await createStaff(server, 'auditor');
    const patch = (oidcSubject: string | null) =>
      server.call('PATCH', `/v1/staff/${other.staffId}`, { token: administrator.token, body: { oidcSubject } });
    expect(await patch('person-4')).toMatchObject({
      status: 200,
      body: { oidcSubject: null, approvalRequest: { status: 'pending' } },
    });
    expect(await signIn({ sub: 'person-4' })).toMatchObject(refused);
    await expect(
      server.database.asApp(`UPDATE staff SET oidc_subject = 'person-4' WHERE id = $1`, [other.staffId]),
    ).rejects.toMatchObject({ code: 'HK001', constraint: 'staff_change_needs_approval' });
    await expect(changeStaff(server, other.staffId, { oidcSubject: 'person-1' })).rejects.toThrow('oidc_subject_taken');
    await changeStaff(server, other.staffId, { oidcSubject: 'person-5' });
    const opened = (await signIn({ sub: 'person-5' })).body.tokens?.accessToken ?? '';
    expect(await works(opened)).toBe(200);
    expect(await patch(null)).toMatchObject({ status: 200, body: { oidcSubject: null, approvalRequest: null } });
    expect(await works(opened)).toBe(401);
    expect(await signIn({ sub: 'person-5' })).toMatchObject(refused);
    await expect(
      server.database.asApp(`INSERT INTO staff_session (staff_id, address, by_oidc) VALUES ($1, '::1', true)`, [
        other.staffId,
      ]),
    ).rejects.toMatchObject({ code: 'HK001', constraint: 'staff_session_of_linked_account' });
  });

  it('ends with the account', async () => {
    const other = await createStaff(server, 'auditor');
    await changeStaff(server, other.staffId, { oidcSubject: 'person-6' });
    const { body } = await signIn({ sub: 'person-6' });
    await changeStaff(server, other.staffId, { status: 'disabled' });
    expect(await works(body.tokens?.accessToken ?? '')).toBe(401);
    expect(await signIn({ sub: 'person-6' })).toMatchObject(refused);
  });

  it('says so where no provider is set up', async () => {
    const mute = await createTestApp();
    try {
      expect(await mute.call('POST', '/v1/auth/oidc/start')).toMatchObject({
        status: 503,
        body: { code: 'oidc_not_offered' },
      });
    } finally {
      await mute.close();
    }
  });
});
