import { randomUUID } from 'node:crypto';
import { openApiDocument } from '../../src/openapi-document.js';
import { PERMISSIONS } from '../../src/identity/permissions.js';
import { ROLES } from '../../src/identity/role.js';
import { createTestApp, type TestApp } from '../harness/app.js';
import { customerToken } from '../harness/customer.js';
import { startInbox, type Inbox } from '../harness/inbox.js';
import { arrangeProgramme } from '../harness/programme.js';
import { staffToken } from '../harness/staff.js';
import { exampleOf, operationsOf, type Schema } from './hostile-requests.js';

/** They end the session that all other requests use. */
const ENDS_SESSIONS = /logout|oidc/;
/** Also what was found not to exist, or not to fit, only after its form had been found right. */
const TAKEN = new Set([200, 201, 202, 204, 404, 409, 422]);

describe('a body that is right but for one field', () => {
  let server: TestApp;
  let inbox: Inbox;
  beforeAll(async () => {
    inbox = await startInbox();
    server = await createTestApp({ smtpUrl: inbox.url, mailFrom: 'info@henkin.test' });
    await arrangeProgramme(server.database, { quantitiesMicroXem: [5_000_000n], fundJpy: 5_000n });
  });
  afterAll(async () => {
    await server.close();
    await inbox.close();
  });

  it('is never answered with a 5xx, and null is refused where it is no value', async () => {
    const document = openApiDocument(server.app);
    const schemas = (document.components?.schemas ?? {}) as Record<string, Schema>;
    const failures: string[] = [];
    let tried = 0;
    for (const { method, path, body } of operationsOf(document)) {
      const example = body === null ? null : exampleOf(body, schemas);
      if (typeof example !== 'object' || example === null || ENDS_SESSIONS.test(path)) continue;
      const token = await tokenFor(server, `${method} ${path.replaceAll(/\{(\w+)\}/g, ':$1')}`);
      const url = path.replace('{customerNo}', 'C1').replaceAll(/\{\w+\}/g, '1');
      for (const field of Object.keys(example)) {
        for (const value of [undefined, null]) {
          const answer = await server.call(method as 'POST', url, {
            ...(token === null ? {} : { token }),
            headers: { 'idempotency-key': randomUUID() },
            body: { ...example, [field]: value },
          });
          tried += 1;
          const nullPassed = value === null && TAKEN.has(answer.status) && !nullable(field, body, schemas);
          if (answer.status >= 500 || nullPassed)
            failures.push(`${method} ${path} with ${field} ${value}: ${answer.status}`);
        }
      }
    }
    expect(failures).toEqual([]);
    expect(tried).toBeGreaterThan(200);
  });
});

/** Does the description say that null is a value of this field? */
function nullable(field: string, body: Schema | null, schemas: Readonly<Record<string, Schema>>): boolean {
  const name = (body?.$ref ?? '').split('/').at(-1) ?? '';
  return schemas[name]?.properties?.[field]?.type?.includes('null') ?? false;
}

/** Somebody who may use the route. */
async function tokenFor(server: TestApp, line: string): Promise<string | null> {
  const roles = PERMISSIONS[line]?.roles ?? [];
  const role = ROLES.find((known) => roles.includes(known));
  if (role) return (await staffToken(server, role)).token;
  return roles.length === 0 ? null : customerToken(server, 'C1');
}
