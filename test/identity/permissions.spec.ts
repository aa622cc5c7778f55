import { PERMISSIONS } from '../../src/identity/permissions.js';
import { CUSTOMER } from '../../src/identity/customer-principal.js';
import { ROLES } from '../../src/identity/role.js';
import { openApiDocument } from '../../src/openapi-document.js';
import { createTestApp, type TestApp } from '../harness/app.js';
import { customerToken } from '../harness/customer.js';
import { startIdentityProvider, type IdentityProvider } from '../harness/identity-provider.js';
import { createStaff, staffToken } from '../harness/staff.js';

type Method = 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
interface Problem {
  readonly code?: string;
}

/** Nothing that exists: a cell is about who may ask, not about what is answered. */
const PLACEHOLDERS: Readonly<Record<string, string>> = { customerNo: 'NOBODY-1', claimNo: '000000000000', seq: '1' };
const NO_ID = '00000000-0000-7000-8000-000000000000';

const lines = Object.entries(PERMISSIONS).map(([line, permission]) => {
  const [method, route = ''] = line.split(' ') as [Method, string];
  const path = route.replaceAll(/:(\w+)/g, (_all, name: string) => PLACEHOLDERS[name] ?? NO_ID);
  return { line, method, route, path, ...permission };
});

describe('who may use which route', () => {
  let provider: IdentityProvider;
  let server: TestApp;
  beforeAll(async () => {
    provider = await startIdentityProvider();
    server = await createTestApp(provider.settingsFor('staff'));
  });
  afterAll(async () => {
    await server.close();
    await provider.close();
  });

  it('[10] is said for every route that there is, and for no other', () => {
    const routes = Object.entries(openApiDocument(server.app).paths).flatMap(([path, item]) =>
      Object.keys(item).map((method) => `${method.toUpperCase()} ${path.replaceAll(/\{(\w+)\}/g, ':$1')}`),
    );
    // Figures for a monitoring system are no part of the API's description.
    expect(Object.keys(PERMISSIONS).toSorted()).toEqual([...routes, 'GET /metrics'].toSorted());
  });

  it.each(lines.filter(({ roles }) => roles.length > 0))('$line answers 401 without a token', async (line) => {
    const answer = await server.call<Problem>(line.method, line.path);
    expect(answer).toMatchObject({ status: 401, headers: { 'www-authenticate': 'Bearer' } });
  });

  it.each(lines.filter(({ roles }) => roles.length === 0))('$line asks for no token', async (line) => {
    const answer = await server.call<Problem>(line.method, line.path);
    expect(answer.headers['www-authenticate']).toBeUndefined();
    expect(answer.body.code).not.toBe('forbidden');
  });

  describe.each(ROLES)('%s', (role) => {
    // Signing out would end the session that the other cells share.
    const tokenFor = async (line: string) =>
      line === 'POST /v1/auth/logout'
        ? (await createStaff(server, role)).token
        : (await staffToken(server, role)).token;

    it.each(lines.filter(({ roles }) => roles.includes(role)))('may $line', async ({ line, method, path }) => {
      const { status, body } = await server.call<Problem>(method, path, { token: await tokenFor(line) });
      expect(status).not.toBe(401);
      expect(status).toBeLessThan(500);
      expect(body?.code).not.toBe('forbidden');
    });

    it.each(lines.filter(({ roles }) => roles.length > 0 && !roles.includes(role) && !roles.includes(CUSTOMER)))(
      'may not $line',
      async ({ line, method, path }) => {
        const answer = await server.call<Problem>(method, path, { token: await tokenFor(line) });
        expect(answer).toMatchObject({ status: 403, body: { code: 'forbidden' } });
      },
    );
  });

  describe('a customer', () => {
    let token: string;
    beforeAll(async () => {
      token = await customerToken(server, 'C-PERMISSIONS');
    });

    it.each(lines.filter(({ roles }) => roles.some((role) => role !== CUSTOMER)))(
      'is nobody to $line',
      async ({ method, path }) => {
        expect(await server.call<Problem>(method, path, { token })).toMatchObject({ status: 401 });
      },
    );

    it.each(lines.filter(({ roles }) => roles.includes(CUSTOMER)))('may $line, which staff may not', async (line) => {
      const { token: own } =
        line.line === 'POST /v1/auth/customer/logout' ? { token: await customerToken(server, 'C-LEAVING') } : { token };
      const { status } = await server.call<Problem>(line.method, line.path, { token: own });
      expect(status).not.toBe(401);
      expect(status).not.toBe(403);
      expect(status).toBeLessThan(500);
      for (const role of ROLES) {
        const staffs = (await staffToken(server, role)).token;
        expect(await server.call<Problem>(line.method, line.path, { token: staffs })).toMatchObject({ status: 401 });
      }
    });
  });

  it('leaves accounts to administrators, and administrators to accounts', () => {
    const open = lines.filter(({ roles }) => roles.includes('administrator')).map(({ line }) => line);
    expect(open).toEqual([
      'GET /v1/approval-requests',
      'GET /v1/approval-requests/:id',
      'POST /v1/approval-requests/:id/decisions',
      'GET /v1/auth/factors',
      'POST /v1/auth/factors',
      'POST /v1/auth/factors/challenge',
      'DELETE /v1/auth/factors/passkeys/:id',
      'POST /v1/auth/factors/recovery-codes',
      'DELETE /v1/auth/factors/totp',
      'POST /v1/auth/logout',
      'GET /v1/auth/sessions',
      'DELETE /v1/auth/sessions/:id',
      'POST /v1/auth/sessions/end-others',
      'POST /v1/auth/step-up',
      'POST /v1/auth/step-up/challenge',
      'POST /v1/auth/step-up/oidc/callback',
      'POST /v1/auth/step-up/oidc/start',
      'GET /v1/staff',
      'POST /v1/staff',
      'POST /v1/staff/files',
      'PATCH /v1/staff/:id',
      'POST /v1/staff/:id/factor-reset',
      'POST /v1/staff/:id/reset',
    ]);
  });
});
