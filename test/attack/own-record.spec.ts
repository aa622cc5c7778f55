import { openApiDocument } from '../../src/openapi-document.js';
import { PERMISSIONS } from '../../src/identity/permissions.js';
import { ROLES } from '../../src/identity/role.js';
import { claimNoOf, post } from '../claim/claims.js';
import { createTestApp, type TestApp } from '../harness/app.js';
import { arrangeProgramme } from '../harness/programme.js';
import { createStaff, staffToken } from '../harness/staff.js';
import { exampleOf, operationsOf } from './hostile-requests.js';

type Method = 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';

/** Routes about one holder, by number or by claim. */
const lines = Object.entries(PERMISSIONS).flatMap(([line, { record, roles }]) => {
  const [method = '', route = ''] = line.split(' ');
  const role = ROLES.find((known) => roles.includes(known));
  return record === 'others' && /:(customerNo|claimNo)\b/.test(route) && role ? [{ line, method, route, role }] : [];
});

/** The claim is known to be theirs, for the search says so; these say why they refuse. */
const SAYS_SO = /\/proof$|(POST|DELETE) \/v1\/claims\//;

describe('a record that one may not open, and one that is not there', () => {
  let server: TestApp;
  let claimNo: string;
  let bodies: Map<string, unknown>;
  beforeAll(async () => {
    server = await createTestApp();
    await arrangeProgramme(server.database, { quantitiesMicroXem: [5_000_000n, 7_000_000n], fundJpy: 5_000n });
    const { token } = await staffToken(server, 'claims_officer');
    await post(server, token, '/v1/claims/open');
    claimNo = await claimNoOf(server, 'C1');
    const document = openApiDocument(server.app);
    const schemas = document.components?.schemas ?? {};
    bodies = new Map(
      operationsOf(document).map(({ method, path, body }) => [
        `${method} ${path.replaceAll(/\{(\w+)\}/g, ':$1')}`,
        body === null ? undefined : exampleOf(body, schemas),
      ]),
    );
  });
  afterAll(() => server.close());

  it('are on the list', () => {
    expect(lines.length).toBeGreaterThan(8);
  });

  it.each(lines)('$line answers alike, or says that it is one’s own', async ({ line, method, route, role }) => {
    const person = await createStaff(server, role);
    await server.database.asSuperuser(
      `INSERT INTO staff_relative (staff_id, customer_no, relation) VALUES ($1, 'C1', 'spouse')`,
      [person.staffId],
    );
    const ask = async (customer: string, claim: string) => {
      const path = route.replace(':customerNo', customer).replace(':claimNo', claim).replaceAll(/:\w+/g, '1');
      const body = bodies.get(line);
      const answer = await server.call<Record<string, unknown>>(method as Method, path, {
        token: person.token,
        headers: { 'idempotency-key': `own-record-${customer}` },
        ...(body === undefined ? {} : { body }),
      });
      const { requestId: _id, instance: _instance, ...told } = answer.body;
      return { status: answer.status, told };
    };
    const own = await ask('C1', claimNo);
    if (SAYS_SO.test(line)) {
      expect(own).toMatchObject({
        status: 403,
        told: { code: expect.stringMatching(/^(own_claim|not_about_own_money)$/) as string },
      });
      return;
    }
    expect(own.status).toBe(404);
    expect(own).toEqual(await ask('C-NOBODY', '000000000000'));
  });

  it('of claims, the list shows all others', async () => {
    const person = await createStaff(server, 'support_agent');
    const seen = async () =>
      (
        await server.call<{ items: { customerNo: string }[] }>('GET', '/v1/claims', { token: person.token })
      ).body.items.map(({ customerNo }) => customerNo);
    expect(await seen()).toEqual(['C1', 'C2']);
    await server.database.asSuperuser(
      `INSERT INTO staff_relative (staff_id, customer_no, relation) VALUES ($1, 'C1', 'spouse')`,
      [person.staffId],
    );
    expect(await seen()).toEqual(['C2']);
  });
});
