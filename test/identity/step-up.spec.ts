import { FRESH_SECONDS, PERMISSIONS } from '../../src/identity/permissions.js';
import { openApiDocument } from '../../src/openapi-document.js';
import { createTestApp, type TestApp } from '../harness/app.js';
import { createStaff, staffToken, stepUp, type TestStaff } from '../harness/staff.js';
import type { Role } from '../../src/identity/role.js';

type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE';

const NO_ID = '00000000-0000-7000-8000-000000000000';
const PLACEHOLDERS: Readonly<Record<string, string>> = { customerNo: 'NOBODY-1', claimNo: '000000000000', seq: '1' };

const declared = Object.entries(PERMISSIONS).flatMap(([line, { roles, fresh }]) => {
  const [method, route = ''] = line.split(' ') as [Method, string];
  const path = route.replaceAll(/:(\w+)/g, (_all, name: string) => PLACEHOLDERS[name] ?? NO_ID);
  return fresh ? [{ line, method, route, path, role: roles[0] as Role, fresh }] : [];
});

describe('how lately the second factor was proven', () => {
  let server: TestApp;
  beforeAll(async () => {
    server = await createTestApp();
  });
  afterAll(() => server.close());

  const provenAgo = (person: TestStaff, seconds: number) =>
    server.database.asSuperuser(
      'UPDATE staff_session SET proven_at = now() - make_interval(secs => $2) WHERE staff_id = $1',
      [person.staffId, seconds],
    );

  it('[05] is asked before money moves, before decisions, before personal data in bulk and before accounts change', () => {
    const byFreshness = (fresh: string) => declared.filter((entry) => entry.fresh === fresh).map(({ line }) => line);
    for (const line of [
      'POST /v1/approval-requests/:id/decisions',
      'POST /v1/approval-runs',
      'POST /v1/claims/:claimNo/decisions',
      'POST /v1/credit-batches/:id/submit',
      'POST /v1/credit-batches/:id/resume',
      'POST /v1/credit-batches/:id/stop',
      'POST /v1/ledger/fundings',
      'POST /v1/staff',
      'POST /v1/staff/:id/reset',
    ])
      expect(byFreshness('minutes')).toContain(line);
    expect(byFreshness('session')).toContain('POST /v1/holders/:customerNo/reveal');
    // Stopping is never made slower.
    expect(declared.map(({ line }) => line)).not.toContain('POST /v1/credit-batches/:id/pause');
  });

  it('is asked for every file of many rows', () => {
    const files = Object.entries(PERMISSIONS).filter(
      ([line, { roles }]) => line.endsWith('.csv') && roles.length > 0 && !roles.includes('customer'),
    );
    for (const [line, { fresh }] of files) expect([line, fresh]).toEqual([line, 'minutes']);
  });

  it.each(declared)(
    '$line: refused when it was too long ago, with what to do; not refused when it was not',
    async (at) => {
      const person = await staffToken(server, at.role);
      const ask = () =>
        server.call<{ code?: string; detail?: string }>(at.method, at.path, {
          token: person.token,
          headers: { 'accept-language': 'en' },
        });
      await provenAgo(person, FRESH_SECONDS[at.fresh] + 1);
      const refusal = await ask();
      expect(refusal).toMatchObject({
        status: 403,
        body: {
          code: 'step_up_required',
          fresh: at.fresh,
          provenWithinSeconds: FRESH_SECONDS[at.fresh],
          stepUp: 'POST /v1/auth/step-up',
        },
      });
      expect(refusal.body.detail).toContain('Nothing was done');
      await provenAgo(person, FRESH_SECONDS[at.fresh] - 60);
      expect((await ask()).body?.code).not.toBe('step_up_required');
    },
  );

  it.each(declared)('$line says so in the API description', ({ route, method, fresh }) => {
    const { paths } = openApiDocument(server.app);
    const operation = (paths[route.replaceAll(/:(\w+)/g, '{$1}')] as Record<string, object>)[method.toLowerCase()];
    expect(operation).toMatchObject({
      'x-fresh': fresh,
      description: expect.stringContaining('step_up_required') as unknown,
    });
  });

  it('is renewed by a step-up of the same session only, on record', async () => {
    const person = await createStaff(server, 'finance_maker');
    const other = await createStaff(server, 'finance_maker');
    await provenAgo(person, 3600);
    await provenAgo(other, 3600);
    await stepUp(server, person);
    const submit = async ({ token }: TestStaff) =>
      (await server.call<{ code: string }>('POST', `/v1/credit-batches/1/submit`, { token })).body.code;
    expect(await submit(person)).not.toBe('step_up_required');
    expect(await submit(other)).toBe('step_up_required');
    const [event] = await server.database.asSuperuser<{ after: object }>(
      `SELECT after FROM audit_event WHERE action = 'staff.stepped_up' AND actor_id = $1`,
      [person.staffId],
    );
    expect(event?.after).toMatchObject({ method: 'totp' });
  });

  it('is not renewed by a refresh, a wrong code or a code that was used', async () => {
    const person = await createStaff(server, 'finance_maker');
    const proof = await person.proof();
    expect((await server.call('POST', '/v1/auth/step-up', { token: person.token, body: proof })).status).toBe(200);
    await provenAgo(person, 3600);
    for (const wrong of [proof, { totp: '000000' }]) {
      const answer = await server.call('POST', '/v1/auth/step-up', { token: person.token, body: wrong });
      expect(answer).toMatchObject({ status: 401, body: { code: 'second_factor_refused' } });
    }
    const { body } = await server.call<{ accessToken: string }>('POST', '/v1/auth/refresh', {
      body: { refreshToken: person.refreshToken },
    });
    expect((await server.call('POST', '/v1/credit-batches/1/submit', { token: body.accessToken })).body).toMatchObject({
      code: 'step_up_required',
    });
  });

  it('takes no challenge of another session', async () => {
    const [person, other] = [await createStaff(server, 'auditor'), await createStaff(server, 'auditor')];
    const { body } = await server.call<{ challengeToken: string }>('POST', '/v1/auth/step-up/challenge', {
      token: other.token,
    });
    const answer = await server.call('POST', '/v1/auth/step-up', {
      token: person.token,
      body: { challengeToken: body.challengeToken, ...(await other.proof()) },
    });
    expect(answer).toMatchObject({ status: 401, body: { code: 'second_factor_refused' } });
  });
});
