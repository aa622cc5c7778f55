import { randomUUID } from 'node:crypto';
import { AuthenticatorApp } from '../../src/demo/authenticator-app.js';
import { StaffService } from '../../src/identity/staff.service.js';
import type { Role } from '../../src/identity/role.js';
import type { TestApp } from './app.js';

export interface TestStaff {
  readonly staffId: string;
  readonly login: string;
  readonly password: string;
  /** The next proof of the second factor that will be taken, as long as there are any. */
  readonly proof: () => Promise<object>;
  readonly token: string;
  readonly refreshToken: string;
}

interface Tokens {
  readonly accessToken: string;
  readonly refreshToken: string;
}

interface Offer {
  readonly challengeToken: string;
  readonly enrolment: { readonly totp: { readonly secret: string } };
}

interface Asked {
  readonly id: string;
  readonly activationToken: string;
  readonly approvalRequest: { readonly id: string };
}

const administrators = new WeakMap<TestApp, Promise<readonly [TestStaff, TestStaff]>>();
const byRole = new WeakMap<TestApp, Map<Role, Promise<TestStaff>>>();

/** One person per role and server, made and signed in through the public API; the first administrator as an operator does it. */
export function staffToken(server: TestApp, role: Role): Promise<TestStaff> {
  const known = byRole.get(server) ?? new Map<Role, Promise<TestStaff>>();
  byRole.set(server, known);
  const person = known.get(role) ?? (role === 'administrator' ? firstAdministrator(server) : createStaff(server, role));
  known.set(role, person);
  return person;
}

/** Another person of a role, who shares nothing with those before. */
export async function createStaff(
  server: TestApp,
  role: Role,
  account: { customerNo?: string } = {},
): Promise<TestStaff> {
  const [first, second] = await Promise.all([firstAdministrator(server), secondAdministrator(server)]);
  const login = `${role.replaceAll('_', '-')}.${randomUUID().slice(0, 8)}`;
  const created = await server.call<Asked>('POST', '/v1/staff', {
    token: first.token,
    body: { login, displayName: `Test ${role}`, role, ...account },
    headers: { 'idempotency-key': randomUUID() },
  });
  if (created.status !== 201)
    throw new Error(`POST /v1/staff answered ${created.status}: ${JSON.stringify(created.body)}`);
  await agreeTo(server, created.body.approvalRequest.id, second);
  return activate(server, created.body.id, login, created.body.activationToken);
}

/** A second person agrees to accounts that were asked for. */
export async function agreeTo(server: TestApp, requestId: string, by?: TestStaff): Promise<void> {
  const { token } = by ?? (await secondAdministrator(server));
  const url = `/v1/approval-requests/${requestId}/decisions`;
  await posted(server, url, { decision: 'approve' }, token);
}

/** Changes an account as two people do it: one asks, and another agrees to what one alone may not do. */
export async function changeStaff(server: TestApp, staffId: string, change: object): Promise<void> {
  const { token } = await firstAdministrator(server);
  const answer = await server.call<{ approvalRequest: { id: string } | null }>('PATCH', `/v1/staff/${staffId}`, {
    token,
    body: change,
  });
  if (answer.status !== 200)
    throw new Error(`PATCH /v1/staff answered ${answer.status}: ${JSON.stringify(answer.body)}`);
  if (answer.body.approvalRequest) await agreeTo(server, answer.body.approvalRequest.id);
}

/** Signs in once more, in both steps; each call makes a session of its own. */
export async function signIn(
  server: TestApp,
  { login, password, proof }: Pick<TestStaff, 'login' | 'password' | 'proof'>,
): Promise<{ token: string; refreshToken: string }> {
  const { challengeToken } = await posted<{ challengeToken: string }>(server, '/v1/auth/login', { login, password });
  const answer = { challengeToken, ...(await proof()) };
  const tokens = await posted<Tokens>(server, '/v1/auth/login/second-factor', answer);
  return { token: tokens.accessToken, refreshToken: tokens.refreshToken };
}

/** Proves the second factor again, for what asks for it to be fresh. */
export async function stepUp(server: TestApp, { token, proof }: Pick<TestStaff, 'token' | 'proof'>): Promise<void> {
  await posted(server, '/v1/auth/step-up', await proof(), token);
}

/** Chooses the password and enrols an authenticator app. */
export async function activate(
  server: TestApp,
  staffId: string,
  login: string,
  activationToken: string,
  password = `correct horse ${randomUUID()}`,
): Promise<TestStaff> {
  const offer = await posted<Offer>(server, '/v1/auth/activate', { activationToken, password });
  const app = new AuthenticatorApp(offer.enrolment.totp.secret);
  const enrolled = await posted<Tokens & { recoveryCodes: string[] }>(server, '/v1/auth/activate/second-factor', {
    challengeToken: offer.challengeToken,
    totp: await app.code(),
  });
  const recoveryCodes = [...enrolled.recoveryCodes];
  return {
    staffId,
    login,
    password,
    // Recovery codes are as good and need no waiting.
    proof: async () => {
      const totp = app.codeNow();
      const recoveryCode = totp === null ? recoveryCodes.pop() : undefined;
      return recoveryCode === undefined ? { totp: totp ?? (await app.code()) } : { recoveryCode };
    },
    token: enrolled.accessToken,
    refreshToken: enrolled.refreshToken,
  };
}

const firstAdministrator = async (server: TestApp) => (await bothAdministrators(server))[0];
export const secondAdministrator = async (server: TestApp) => (await bothAdministrators(server))[1];

/** As an operator makes them. */
function bothAdministrators(server: TestApp): Promise<readonly [TestStaff, TestStaff]> {
  const made =
    administrators.get(server) ??
    Promise.all([makeAdministrator(server, 'first'), makeAdministrator(server, 'second')]);
  administrators.set(server, made);
  return made;
}

async function makeAdministrator(server: TestApp, which: string): Promise<TestStaff> {
  const operator = { actor: { id: 'operator', role: 'operator' }, requestId: 'test-harness' };
  const { id, login, activationToken } = await server.app
    .get(StaffService, { strict: false })
    .createFirstAdministrator(operator, { login: `${which}.administrator`, displayName: 'Administrator' });
  return activate(server, id, login, activationToken);
}

async function posted<B>(server: TestApp, url: string, body: unknown, token?: string): Promise<B> {
  const answer = await server.call<B>('POST', url, {
    body,
    headers: { 'idempotency-key': randomUUID() },
    ...(token ? { token } : {}),
  });
  if (answer.status !== 200) throw new Error(`POST ${url} answered ${answer.status}: ${JSON.stringify(answer.body)}`);
  return answer.body;
}
