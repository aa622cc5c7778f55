import { randomUUID } from 'node:crypto';
import { StaffService } from '../../src/identity/staff.service.js';
import type { Role } from '../../src/identity/role.js';
import type { TestApp } from './app.js';

export interface TestStaff {
  readonly staffId: string;
  readonly login: string;
  readonly password: string;
  readonly token: string;
  readonly refreshToken: string;
}

const administrators = new WeakMap<TestApp, Promise<TestStaff>>();
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
  const { token } = await firstAdministrator(server);
  const login = `${role.replaceAll('_', '-')}.${randomUUID().slice(0, 8)}`;
  const created = await server.call<{ id: string; activationToken: string }>('POST', '/v1/staff', {
    token,
    body: { login, displayName: `Test ${role}`, role, ...account },
  });
  if (created.status !== 201)
    throw new Error(`POST /v1/staff answered ${created.status}: ${JSON.stringify(created.body)}`);
  return activate(server, created.body.id, login, created.body.activationToken);
}

/** Signs in once more; each call makes a session of its own. */
export async function signIn(
  server: TestApp,
  { login, password }: { login: string; password: string },
): Promise<{ token: string; refreshToken: string }> {
  const { status, body } = await server.call<{ accessToken: string; refreshToken: string }>('POST', '/v1/auth/login', {
    body: { login, password },
  });
  if (status !== 200) throw new Error(`POST /v1/auth/login answered ${status}: ${JSON.stringify(body)}`);
  return { token: body.accessToken, refreshToken: body.refreshToken };
}

function firstAdministrator(server: TestApp): Promise<TestStaff> {
  const known = administrators.get(server);
  if (known) return known;
  const made = makeFirstAdministrator(server);
  administrators.set(server, made);
  return made;
}

async function makeFirstAdministrator(server: TestApp): Promise<TestStaff> {
  const operator = { actor: { id: 'operator', role: 'operator' }, requestId: 'test-harness' };
  const { id, login, activationToken } = await server.app
    .get(StaffService, { strict: false })
    .createFirstAdministrator(operator, { login: 'first.administrator', displayName: 'First Administrator' });
  return activate(server, id, login, activationToken);
}

async function activate(server: TestApp, staffId: string, login: string, activationToken: string): Promise<TestStaff> {
  const password = `correct horse ${randomUUID()}`;
  const { status, body } = await server.call('POST', '/v1/auth/activate', { body: { activationToken, password } });
  if (status !== 204) throw new Error(`POST /v1/auth/activate answered ${status}: ${JSON.stringify(body)}`);
  return { staffId, login, password, ...(await signIn(server, { login, password })) };
}
