import fc from 'fast-check';
import type { OpenAPIObject } from '@nestjs/swagger';
import { hostileJson, hostileText } from './hostile-values.js';

type Parameter = { readonly name: string; readonly in: string; readonly schema?: Schema };
export interface Schema {
  readonly $ref?: string;
  readonly allOf?: readonly Schema[];
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly example?: unknown;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly format?: string;
}

/** A route as the API's own description has it. */
export interface Operation {
  readonly method: string;
  readonly path: string;
  readonly parameters: readonly Parameter[];
  readonly body: Schema | null;
}

export interface HostileRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly payload: string | null;
}

export function operationsOf(document: OpenAPIObject): Operation[] {
  return Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item as Record<string, Record<string, unknown>>).map(([method, operation]) => ({
      method: method.toUpperCase(),
      path,
      parameters: (operation.parameters ?? []) as Parameter[],
      body: bodySchema(operation.requestBody),
    })),
  );
}

function bodySchema(body: unknown): Schema | null {
  const content = (body as { content?: Record<string, { schema?: Schema }> } | undefined)?.content;
  return Object.values(content ?? {})[0]?.schema ?? null;
}

/** Requests for one route: nearly right, or not at all; what is said of ids is given by `known`, so that some exist. */
export function hostileRequest(
  operation: Operation,
  schemas: Readonly<Record<string, Schema>>,
  known: Readonly<Record<string, readonly string[]>>,
): fc.Arbitrary<HostileRequest> {
  const query = operation.parameters.filter((parameter) => parameter.in === 'query');
  const path = operation.path.split('/').map((part) => {
    const name = /^\{(\w+)\}$/.exec(part)?.[1];
    if (!name) return fc.constant(part);
    const right = known[name] ?? [];
    const hostile = hostileText.map((text) => encodeURIComponent(text.toWellFormed().slice(0, 400)));
    return right.length === 0 ? hostile : fc.oneof(hostile, fc.constantFrom(...right));
  });
  return fc
    .record({
      method: rarely(fc.constantFrom('GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'HEAD'), operation.method),
      path: fc.tuple(...path).map((parts) => parts.join('/')),
      query: fc.array(queryPair(query), { maxLength: 4 }).map((pairs) => pairs.join('&')),
      key: rarely<string | null>(fc.oneof(hostileText, fc.constant(null)), 'known'),
      fresh: fc.uuid(),
      contentType: rarely(
        fc.constantFrom(
          'text/plain',
          'application/xml',
          'application/x-www-form-urlencoded',
          'multipart/form-data; boundary=x',
        ),
        'application/json',
      ),
      payload:
        operation.body === null
          ? rarely<string | null>(rawJson, null)
          : rarely<string | null>(rawJson, null, 1).chain((raw) =>
              raw === null
                ? jsonFor(operation.body ?? {}, schemas).map((value) => JSON.stringify(value))
                : fc.constant(raw),
            ),
      language: fc.constantFrom('ja', 'en', '*;q=0', '\u00ff'),
    })
    .map(({ method, path: chosen, query: asked, key, fresh, contentType, payload, language }) => ({
      method,
      url: asked === '' ? chosen : `${chosen}?${asked}`,
      headers: {
        'accept-language': language,
        ...(key === null ? {} : { 'idempotency-key': key === 'known' ? fresh : printable(key) }),
        ...(payload === null ? {} : { 'content-type': contentType }),
      },
      payload,
    }));
}

/** Mostly the right thing, so that the rest of the request is reached. */
function rarely<T>(wrong: fc.Arbitrary<T>, right: T, weight = 1): fc.Arbitrary<T> {
  return fc.oneof({ weight: 12, arbitrary: fc.constant(right) }, { weight, arbitrary: wrong });
}

const rawJson = fc.oneof(
  hostileJson.map((value) => JSON.stringify(value) ?? ''),
  fc.constantFrom(
    '{',
    '[',
    '"',
    '{"a":1,"a":2}',
    '{"__proto__":{"role":"administrator"}}',
    `${'['.repeat(200)}${']'.repeat(200)}`,
    '\u0000',
  ),
);

function queryPair(declared: readonly Parameter[]): fc.Arbitrary<string> {
  const names = [...declared.map(({ name }) => name), 'limit', 'cursor', 'status', 'q', '__proto__', 'a[b]'];
  return fc
    .tuple(fc.constantFrom(...names), hostileText)
    .map(([name, value]) => `${name}=${encodeURIComponent(value.toWellFormed().slice(0, 400))}`);
}

/** A value as the description asks for it, with something wrong in it here and there. */
function jsonFor(given: Schema, schemas: Readonly<Record<string, Schema>>, depth = 0): fc.Arbitrary<unknown> {
  const schema = resolved(given, schemas);
  const wrong = { weight: 1, arbitrary: hostileJson };
  if (depth > 4) return hostileJson;
  if (schema.properties) {
    const fields = Object.fromEntries(
      Object.entries(schema.properties).map(([name, field]) => [name, jsonFor(field, schemas, depth + 1)]),
    );
    const extra = fc.constantFrom({}, {}, {}, { status: 'approved' }, { amountJpy: '1' }, { role: 'administrator' });
    const object = fc.tuple(fc.record(fields, { requiredKeys: [] }), fc.record(fields), extra, fc.boolean());
    return fc.oneof(
      { weight: 12, arbitrary: object.map(([some, all, more, whole]) => ({ ...(whole ? all : some), ...more })) },
      wrong,
    );
  }
  if (schema.items) {
    return fc.oneof(
      { weight: 8, arbitrary: fc.array(jsonFor(schema.items, schemas, depth + 1), { maxLength: 3 }) },
      wrong,
    );
  }
  const right = [...(schema.enum ?? []), ...(schema.example === undefined ? [] : [schema.example])];
  return right.length === 0 ? hostileJson : fc.oneof({ weight: 6, arbitrary: fc.constantFrom(...right) }, wrong);
}

/** What the description gives as an example; a text where it gives none. */
export function exampleOf(given: Schema, schemas: Readonly<Record<string, Schema>>): unknown {
  const schema = resolved(given, schemas);
  if (schema.example !== undefined) return schema.example;
  if (schema.enum) return schema.enum[0];
  if (schema.type === 'boolean') return true;
  if (schema.items) return [exampleOf(schema.items, schemas)];
  if (!schema.properties) return 'text';
  const fields = Object.entries(schema.properties).map(([name, part]) => [name, exampleOf(part, schemas)] as const);
  return Object.fromEntries(fields);
}

function resolved(schema: Schema, schemas: Readonly<Record<string, Schema>>): Schema {
  const reference = schema.$ref ?? schema.allOf?.find((part) => part.$ref)?.$ref;
  return reference ? (schemas[reference.slice('#/components/schemas/'.length)] ?? schema) : schema;
}

/** What a header can carry at all. */
function printable(text: string): string {
  return text.replaceAll(/[^\x20-\x7e]/g, '?').slice(0, 300);
}
