import { randomUUID } from 'node:crypto';
import { connect, type AddressInfo } from 'node:net';
import { text as readText } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { createTestApp, type TestApp } from '../harness/app.js';
import { staffToken } from '../harness/staff.js';

const FUNDING = {
  amountJpy: '1000',
  bankReference: 'TRF-0001',
  valueDate: '2018-03-12',
  segregatedAccount: '顧客分別金口座 1234567',
};

describe('requests that are not as they should be', () => {
  let server: TestApp;
  let token: string;
  beforeAll(async () => {
    server = await createTestApp();
    token = (await staffToken(server, 'finance_maker')).token;
    await server.app.listen(0, '127.0.0.1');
  });
  afterAll(() => server.close());

  const send = (payload: string | Buffer, headers: Record<string, string> = {}) =>
    server.app.inject({
      method: 'POST',
      url: '/v1/ledger/fundings',
      headers: {
        authorization: `Bearer ${token}`,
        'content-type': 'application/json',
        'idempotency-key': randomUUID(),
        ...headers,
      },
      payload,
    });
  const port = () => (server.app.getHttpServer().address() as AddressInfo).port;
  /** As it goes over the line; answers all that comes back until the server closes. */
  const sendRaw = async (request: string) => {
    const socket = connect(port(), '127.0.0.1');
    socket.write(request.replace('\r\n', '\r\nConnection: close\r\n'));
    return readText(socket);
  };
  const fundings = () => server.database.asSuperuser('SELECT FROM ledger_funding');

  it.each([
    ['broken JSON', '{"amountJpy":', 400, 'malformed_request'],
    ['a prototype', '{"__proto__":{"role":"administrator"}}', 400, 'malformed_request'],
    ['half a character', JSON.stringify({ ...FUNDING, bankReference: 'TRF\ud800' }), 400, 'half_character'],
    ['a NUL character', JSON.stringify({ ...FUNDING, bankReference: 'TRF\0' }), 400, 'nul_character'],
    ['an unknown field', JSON.stringify({ ...FUNDING, status: 'effective' }), 400, 'validation_failed'],
    ['an array for text', JSON.stringify({ ...FUNDING, amountJpy: ['1000'] }), 400, 'validation_failed'],
    ['an object for text', JSON.stringify({ ...FUNDING, amountJpy: { not: '' } }), 400, 'validation_failed'],
  ])('%s is refused, says so, and leaves nothing behind', async (_name, payload, status, code) => {
    const answer = await send(payload);
    expect(answer.statusCode).toBe(status);
    expect(answer.headers['content-type']).toContain('application/problem+json');
    expect(answer.json()).toMatchObject({ status, code, requestId: answer.headers['x-request-id'] });
    expect(await fundings()).toEqual([]);
  });

  it.each<[string, string | Buffer, Record<string, string>, number, string]>([
    ['JSON 200 levels deep', `${'['.repeat(200)}${']'.repeat(200)}`, {}, 400, 'json_too_deep'],
    ['a body over the limit', JSON.stringify({ amountJpy: 'x'.repeat(1_100_000) }), {}, 413, 'body_too_large'],
    [
      'a compressed body',
      gzipSync(JSON.stringify({ ...FUNDING, padding: ' '.repeat(10_000_000) })),
      { 'content-encoding': 'gzip' },
      400,
      'malformed_request',
    ],
  ])('[27] %s is refused, and leaves nothing behind', async (_name, payload, headers, status, code) => {
    expect((await send(payload, headers)).json()).toMatchObject({ status, code });
    expect(await fundings()).toEqual([]);
  });

  it('a NUL in an address is refused in its path and in its query', async () => {
    const headers = { authorization: `Bearer ${token}` };
    for (const url of ['/v1/claims?status=%00', '/v1/claims/%00']) {
      expect((await server.app.inject({ method: 'GET', url, headers })).json()).toMatchObject({ status: 400 });
    }
  });

  it('[14] repeated parameters, unknown addresses and undeclared methods are refused', async () => {
    const headers = { authorization: `Bearer ${token}` };
    const repeated = await server.app.inject({ method: 'GET', url: '/v1/claims?limit=1&limit=2', headers });
    expect(repeated.json()).toMatchObject({ status: 400, code: 'repeated_parameter' });
    expect((await server.app.inject({ method: 'GET', url: '/v1/nothing', headers })).statusCode).toBe(404);
    expect((await server.app.inject({ method: 'PUT', url: '/v1/claims', headers })).statusCode).toBe(404);
    const cursor = await server.app.inject({ method: 'GET', url: '/v1/claims?cursor=abc', headers });
    expect(cursor.json()).toMatchObject({ status: 400, code: 'cursor_invalid' });
  });

  it('speaks Japanese unless English is preferred', async () => {
    const [japanese, english] = await Promise.all(
      ['ja', 'en-US,ja;q=0.5'].map((language) => send('{', { 'accept-language': language })),
    );
    expect(japanese?.headers['content-language']).toBe('ja');
    expect(english?.headers['content-language']).toBe('en');
    expect(english?.json<{ title: string }>().title).toBe('The request cannot be read');
  });

  it('[24] takes no request id that could forge a line of the log', async () => {
    const answer = await send('{', { 'x-request-id': 'x" y' });
    expect(answer.headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('[trap 5] a key makes thirty tries one effect, and belongs to one request', async () => {
    const headers = { 'idempotency-key': randomUUID() };
    const answers = await Promise.all(Array.from({ length: 30 }, () => send(JSON.stringify(FUNDING), headers)));
    const statuses = new Set(answers.map((answer) => answer.statusCode));
    expect([...statuses].every((status) => status === 201 || status === 409)).toBe(true);
    expect(await fundings()).toHaveLength(1);
    const replayed = await send(JSON.stringify(FUNDING), headers);
    expect(replayed.statusCode).toBe(201);
    expect(replayed.json()).toEqual(answers.find((answer) => answer.statusCode === 201)?.json());
    const reused = await send(JSON.stringify({ ...FUNDING, amountJpy: '2000' }), headers);
    expect(reused.json()).toMatchObject({ status: 422, code: 'idempotency_key_reused' });
    const missing = await server.call('POST', '/v1/ledger/fundings', { token, body: FUNDING });
    expect(missing).toMatchObject({ status: 400, body: { code: 'idempotency_key_required' } });
    expect(await fundings()).toHaveLength(1);
  });

  it('a backslash before u0000 is text like any other', async () => {
    const answer = await send(JSON.stringify({ ...FUNDING, bankReference: 'TRF\\\\u0000' }));
    expect(answer.statusCode).toBeLessThan(300);
  });

  it('[14] TRACE is refused, and gives nothing back', async () => {
    const answer = await sendRaw(
      `TRACE /v1/claims HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${token}\r\n\r\n`,
    );
    expect(answer).toMatch(/^HTTP\/1\.1 4\d\d /);
    expect(answer).not.toContain(token);
  });

  it('[27] slow heads and slow bodies are cut off, and leave nothing behind', async () => {
    const before = await fundings();
    const head = `POST /v1/ledger/fundings HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${token}\r\n`;
    const begun = [
      head,
      `${head}Content-Type: application/json\r\nIdempotency-Key: ${randomUUID()}\r\nContent-Length: 100\r\n\r\n{`,
    ];
    await Promise.all(
      begun.map(async (text) => {
        const socket = connect(port(), '127.0.0.1').resume();
        // A reset is a way of being cut off, too.
        socket.on('error', () => undefined);
        socket.write(text);
        const drops = setInterval(() => socket.write(' '), 500);
        await new Promise((resolve) => socket.once('close', resolve));
        clearInterval(drops);
      }),
    );
    expect(await fundings()).toEqual(before);
  });

  it('[30] an answer says nothing about the server, and an error of its own only the request id', async () => {
    await server.database.asSuperuser('ALTER TABLE ledger_funding RENAME TO moved_away');
    const answer = await server.app.inject({
      method: 'GET',
      url: '/v1/ledger/fundings',
      headers: { authorization: `Bearer ${token}` },
    });
    await server.database.asSuperuser('ALTER TABLE moved_away RENAME TO ledger_funding');
    expect(answer.statusCode).toBe(500);
    expect(Object.keys(answer.json<object>()).toSorted()).toEqual([
      'code',
      'detail',
      'requestId',
      'status',
      'title',
      'type',
    ]);
    expect(answer.body).not.toMatch(/ledger_funding|prisma|select|stack/i);
    expect(answer.headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'content-security-policy': expect.stringContaining("default-src 'none'"),
    });
    expect(Object.keys(answer.headers)).not.toEqual(expect.arrayContaining(['server']));
    expect(Object.keys(answer.headers)).not.toEqual(expect.arrayContaining(['x-powered-by']));
  });
});
