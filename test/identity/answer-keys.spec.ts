import { PERMISSIONS } from '../../src/identity/permissions.js';
import { ROLES } from '../../src/identity/role.js';
import { openApiDocument } from '../../src/openapi-document.js';
import { createTestApp, type TestApp } from '../harness/app.js';
import { arrangeProgramme } from '../harness/programme.js';
import { staffToken } from '../harness/staff.js';

interface Schema {
  readonly $ref?: string;
  readonly allOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: unknown;
  readonly items?: Schema;
}

/** Keys of an answer that its description does not have, however deep they are. */
function undescribed(value: unknown, schema: Schema, named: Readonly<Record<string, Schema>>, at = ''): string[] {
  const forms = formsOf(schema, named);
  if (Array.isArray(value))
    return value.flatMap((one) =>
      undescribed(one, { anyOf: forms.flatMap(({ items }) => items ?? []) }, named, `${at}[]`),
    );
  if (typeof value !== 'object' || value === null) return [];
  // What has no properties of its own in the description is a free map, and said to be one there.
  if (forms.some(({ properties, additionalProperties }) => additionalProperties !== undefined || !properties))
    return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    const described = forms.flatMap(({ properties }) => properties?.[key] ?? []);
    return described.length === 0 ? [`${at}.${key}`] : undescribed(inner, { anyOf: described }, named, `${at}.${key}`);
  });
}

function formsOf(schema: Schema, named: Readonly<Record<string, Schema>>): Schema[] {
  const name = schema.$ref?.split('/').at(-1);
  if (name !== undefined) return formsOf(named[name] ?? {}, named);
  const parts = [...(schema.allOf ?? []), ...(schema.anyOf ?? []), ...(schema.oneOf ?? [])];
  return parts.length > 0 ? parts.flatMap((part) => formsOf(part, named)) : [schema];
}

describe('what a role is answered', () => {
  let server: TestApp;
  beforeAll(async () => {
    server = await createTestApp();
    await arrangeProgramme(server.database, { quantitiesMicroXem: [5_000_000n, 1_000n], fundJpy: 5_000n });
    await server.call('POST', '/v1/claims/open', {
      token: (await staffToken(server, 'claims_officer')).token,
      headers: { 'idempotency-key': 'open' },
    });
  });
  afterAll(() => server.close());

  it.each(ROLES)('[12] %s: the described keys and no others, of lists, figures and a holder', async (role) => {
    const document = openApiDocument(server.app);
    const named = (document.components?.schemas ?? {}) as Record<string, Schema>;
    const { token } = await staffToken(server, role);
    let compared = 0;
    for (const [line, { roles }] of Object.entries(PERMISSIONS)) {
      const path = line.slice('GET '.length).replace(':customerNo', 'C1');
      if (!line.startsWith('GET ') || !(roles as readonly string[]).includes(role) || path.includes(':')) continue;
      const answer = await server.call('GET', path.includes('search') ? `${path}?q=C1` : path, { token });
      const operation = document.paths[line.slice('GET '.length).replaceAll(/:(\w+)/g, '{$1}')]?.get;
      const response = operation?.responses['200'];
      const schema = response && 'content' in response ? response.content?.['application/json']?.schema : undefined;
      if (answer.status !== 200 || !schema) continue;
      compared += 1;
      expect({ line, keys: undescribed(answer.body, schema as Schema, named) }).toEqual({ line, keys: [] });
    }
    expect(compared).toBeGreaterThan(0);
  });
});
