import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { projectRoot } from '../../src/platform/database/project-root.js';

interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly example?: unknown;
  readonly default?: unknown;
  readonly enum?: readonly unknown[];
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly allOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
}
interface Content {
  readonly schema?: Schema;
  readonly example?: unknown;
}
interface Described {
  readonly paths: Record<string, Record<string, { responses: Record<string, { content?: Record<string, Content> }> }>>;
  readonly components: { readonly schemas: Record<string, Schema> };
}

/** What of a schema cannot be built from the examples in it; a closed list is its own example. */
function missing(
  schema: Schema,
  at: string,
  schemas: Described['components']['schemas'],
  above: string[] = [],
): string[] {
  const within = (inner: Schema, where: string) => missing(inner, where, schemas, above);
  if (schema.example !== undefined || schema.default !== undefined || schema.enum) return [];
  if (schema.$ref) {
    const name = schema.$ref.split('/').at(-1) ?? '';
    const named = schemas[name];
    if (above.includes(name)) return [];
    return named ? missing(named, name, schemas, [...above, name]) : [`${at}: ${schema.$ref} is not described`];
  }
  if (schema.allOf) return schema.allOf.flatMap((part) => within(part, at));
  const [first] = schema.anyOf ?? schema.oneOf ?? [];
  if (first) return within(first, at);
  if (schema.items) return within(schema.items, `${at}[]`);
  if (schema.properties)
    return Object.entries(schema.properties).flatMap(([name, part]) => within(part, `${at}.${name}`));
  return [at];
}

describe('openapi.json', () => {
  let described: Described;
  beforeAll(async () => {
    described = JSON.parse(await readFile(join(projectRoot, 'openapi.json'), 'utf8')) as Described;
  });

  const answers = () =>
    Object.entries(described.paths).flatMap(([path, item]) =>
      Object.entries(item).flatMap(([method, { responses }]) =>
        Object.entries(responses)
          .filter(([status]) => status.startsWith('2'))
          .map(([status, { content }]) => ({ route: `${method.toUpperCase()} ${path}`, status, content })),
      ),
    );

  it('describes every answer that has a body', () => {
    const silent = answers().filter(({ status, content }) => status !== '204' && !content);
    expect(silent.map(({ route }) => route)).toEqual([]);
  });

  it('has an example for every answer in JSON, down to the last field', () => {
    const { schemas } = described.components;
    const without = answers().flatMap(({ route, content = {} }) =>
      Object.entries(content)
        .filter(([type, { example }]) => type.includes('json') && example === undefined)
        .flatMap(([, { schema }]) => (schema ? missing(schema, route, schemas) : [route])),
    );
    expect([...new Set(without)]).toEqual([]);
  });

  it('says of lists that come in pages that they do', () => {
    const bare = answers().filter(({ content }) => content?.['application/json']?.schema?.type === 'array');
    expect(bare.map(({ route }) => route)).toEqual([]);
  });

  it('would notice a field without an example', () => {
    const schemas = {
      A: { properties: { b: { anyOf: [{ $ref: '#/components/schemas/B' }, { type: 'null' }] } } },
      B: { properties: { c: { type: 'string' } } },
    };
    expect(missing({ $ref: '#/components/schemas/A' }, 'GET /', schemas)).toEqual(['B.c']);
  });
});
