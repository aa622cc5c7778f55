import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { openApiDocument } from '../../src/openapi-document.js';
import { permissionOf } from '../../src/identity/permissions.js';
import { CUSTOMER } from '../../src/identity/customer-principal.js';
import { ROLES } from '../../src/identity/role.js';
import { createTestApp, type TestApp } from '../harness/app.js';
import { customerToken } from '../harness/customer.js';
import { startInbox, type Inbox } from '../harness/inbox.js';
import { CANARY, canariesIn, canariesInAddresses, leakingLines } from '../harness/leaks.js';
import { arrangeProgramme } from '../harness/programme.js';
import { startServer, type ServerProcess } from '../harness/server-process.js';
import { staffToken } from '../harness/staff.js';
import { exampleOf, operationsOf, type Operation, type Schema } from './hostile-requests.js';

const ENDS_SESSIONS = /logout/;
interface Sent {
  readonly what: string;
  readonly status: number;
  readonly text: string;
}

describe('canaries in every personal field', () => {
  let app: TestApp;
  let server: ServerProcess;
  let inbox: Inbox;
  let claimNo: string;
  const sent: Sent[] = [];

  beforeAll(async () => {
    inbox = await startInbox();
    app = await createTestApp();
    await arrangeProgramme(app.database, { quantitiesMicroXem: [5_000_000n, 7_500_000n], fundJpy: 5_000n });
    const { token } = await staffToken(app, 'claims_officer');
    await app.call('POST', '/v1/claims/open', { token, headers: { 'idempotency-key': 'canary-open' } });
    await app.database.asSuperuser(
      `UPDATE holder SET name = '${CANARY.name}', name_kana = '${CANARY.kana}', email = '${CANARY.email}', phone = '${CANARY.phone}',
         birth_date = '${CANARY.birthDate}' WHERE customer_no = 'C1'`,
    );
    const [claim] = await app.database.asSuperuser<{ claim_no: string }>(
      `SELECT claim_no FROM claim c JOIN holder h ON h.id = c.holder_id WHERE customer_no = 'C1'`,
    );
    claimNo = claim?.claim_no ?? '';
    server = await startServer(app.database, {
      LOG_LEVEL: 'debug',
      RUN_JOBS: 'true',
      SMTP_URL: inbox.url,
      MAIL_FROM: 'info@henkin.test',
    });
  }, 60_000);
  afterAll(async () => {
    await server.stop();
    await inbox.close();
    await app.close();
  });

  const send = async (method: string, path: string, token: string | null, body?: unknown): Promise<Sent> => {
    const answer = await fetch(`${server.url}${path}`, {
      method,
      headers: {
        'idempotency-key': randomUUID(),
        ...(token === null ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      // Events go on for as long as somebody listens.
      signal: AbortSignal.timeout(20_000),
    });
    const text = path.endsWith('/events') ? '' : await answer.text();
    const one = { what: `${method} ${path}`, status: answer.status, text };
    sent.push(one);
    return one;
  };
  const tokenFor = async ({ method, path }: Operation): Promise<string | null> => {
    const roles = permissionOf(method, path.replaceAll(/\{(\w+)\}/g, ':$1'))?.roles ?? [];
    if (roles.length === 0) return null;
    const role = ROLES.find((known) => roles.includes(known));
    return roles.includes(CUSTOMER) || !role ? customerToken(app, 'C1') : (await staffToken(app, role)).token;
  };
  const NO_ID = '00000000-0000-7000-8000-000000000000';
  const pathOf = (path: string, canary?: string) =>
    path.replaceAll(/\{(\w+)\}/g, (_all, name: string) =>
      canary === undefined ? ({ customerNo: 'C1', claimNo, seq: '1' }[name] ?? NO_ID) : encodeURIComponent(canary),
    );

  it('can be seen by those who may: what is sought is there', async () => {
    const { token } = await staffToken(app, 'support_agent');
    const revealed = await send('POST', '/v1/holders/C1/reveal', token, {
      fields: ['name', 'nameKana', 'email', 'phone', 'birthDate'],
      reason: CANARY.words,
      reference: 'CALL-1',
    });
    expect(revealed.status).toBe(200);
    for (const value of [CANARY.name, CANARY.kana, CANARY.email, CANARY.phone, CANARY.birthDate])
      expect(revealed.text).toContain(value);
    for (const q of [CANARY.email, CANARY.phone])
      await send('GET', `/v1/holders/search?q=${encodeURIComponent(q)}`, token);
  });

  it('are sent to every route, in every field, at every place of the address', async () => {
    const document = openApiDocument(app.app);
    const schemas = (document.components?.schemas ?? {}) as Record<string, Schema>;
    for (const operation of operationsOf(document).filter(({ path }) => !ENDS_SESSIONS.test(path))) {
      const token = await tokenFor(operation);
      const { method, path } = operation;
      const bodies = operation.body === null ? [undefined] : bodiesOf(operation.body, schemas);
      for (const body of bodies) await send(method, pathOf(path), token, body);
      if (operation.body !== null)
        await send(method, pathOf(path), token, `{"text":"${CANARY.words}", ${CANARY.email}`);
      if (path.includes('{'))
        for (const canary of [CANARY.name, CANARY.email]) await send(method, pathOf(path, canary), token, bodies[0]);
      for (const { name } of operation.parameters.filter((parameter) => parameter.in === 'query'))
        await send(method, `${pathOf(path)}?${name}=${encodeURIComponent(CANARY.email)}`, token);
      await send(method, pathOf(path), null, bodies[0]);
    }
    expect(sent.length).toBeGreaterThan(300);
  }, 300_000);

  it('are mailed by a server that refuses, puts off and breaks off', async () => {
    for (const behaviour of [
      { at: 'recipient', code: 550 },
      { at: 'data', code: 452 },
      'drop_after_data',
      'accept',
    ] as const) {
      inbox.behave(() => behaviour);
      await app.database.asSuperuser('DELETE FROM sign_in_throttle');
      await send('POST', '/v1/auth/customer/codes', null, { email: CANARY.email });
    }
  });

  it('are in a row that the database refuses', async () => {
    const token = await customerToken(app, 'C1');
    await app.database.asSuperuser('ALTER TABLE customer_message ADD CONSTRAINT broken CHECK (false) NOT VALID');
    const refused = await send('POST', '/v1/me/messages', token, { text: CANARY.words });
    await app.database.asSuperuser('ALTER TABLE customer_message DROP CONSTRAINT broken');
    expect(refused.status).toBeGreaterThanOrEqual(400);
    expect((await send('POST', '/v1/me/messages', token, { text: CANARY.words })).status).toBe(201);
  });

  it('[22] are in no error, no address, no metric and no line of the log', async () => {
    const errors = sent.filter(({ status, text }) => status >= 400 && canariesIn(text).length > 0);
    expect(errors.map(({ what, text }) => [what, canariesIn(text)])).toEqual([]);
    const addresses = sent.filter(({ text }) => canariesInAddresses(text).length > 0);
    expect(addresses.map(({ what }) => what)).toEqual([]);
    const metrics = await send('GET', '/metrics', null);
    expect(metrics.status).toBe(200);
    expect(canariesIn(metrics.text)).toEqual([]);
    await server.stop();
    expect(server.output()).toContain('/v1/holders/C1/reveal');
    expect(leakingLines(server.output())).toEqual([]);
  });

  it('[22] are not in the log of PostgreSQL either, where it says which row it refused', async () => {
    const log = await readFile(process.env.HENKIN_TEST_POSTGRES_LOG ?? '', 'utf8');
    const lines = log.split('\n');
    expect(lines.some((line) => /violates check constraint "broken"/.test(line))).toBe(true);
    expect(lines.filter((line) => canariesIn(line).length > 0)).toEqual([]);
  });
});

/** As the examples say; with a canary in each text in turn; and with one in all of them. */
function bodiesOf(given: Schema, schemas: Readonly<Record<string, Schema>>): unknown[] {
  const example = exampleOf(given, schemas);
  if (typeof example !== 'object' || example === null) return [example];
  const texts = Object.entries(example).filter(([, value]) => typeof value === 'string' || typeof value === 'object');
  const canaries = { ...example, ...Object.fromEntries(texts.map(([name]) => [name, CANARY.words])) };
  return [
    example,
    ...texts.map(([name]) => ({ ...example, [name]: canaryFor(name) })),
    canaries,
    { ...example, unheardOf: CANARY.words },
  ];
}

function canaryFor(name: string): string {
  const fitting = Object.entries(CANARY).find(([kind]) => name.toLowerCase().includes(kind.toLowerCase()));
  return fitting?.[1] ?? CANARY.words;
}
