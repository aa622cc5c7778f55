import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { Api, ApiProblem } from '../../src/demo/api.js';

interface Answer {
  readonly status: number;
  readonly body: unknown;
}
interface Seen {
  readonly method: string | undefined;
  readonly key: string | string[] | undefined;
  readonly token: string | undefined;
  readonly body: string;
}

let server: Server;
let seen: Seen[];
let answers: Answer[];
let cutOff: number;

beforeEach(async () => {
  [seen, answers, cutOff] = [[], [], 0];
  server = createServer((request, response) => {
    void remember(request).then(() => {
      if (cutOff-- > 0) return request.socket.destroy();
      const { status, body } = answers.shift() ?? { status: 200, body: { done: true } };
      return response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterEach(async () => {
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
});

async function remember(request: IncomingMessage): Promise<void> {
  const { 'idempotency-key': key, authorization: token } = request.headers;
  seen.push({ method: request.method, key, token, body: await text(request) });
}

const problem = (status: number, code: string, extra = {}): Answer => ({
  status,
  body: { type: 'x', status, code, title: 'No', detail: 'Because.', ...extra },
});
const api = (stop: AbortSignal = new AbortController().signal) =>
  new Api(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, stop);
const change = {
  method: 'POST',
  path: '/v1/things',
  json: { of: 'it' },
  token: 'abc',
  idempotencyKey: 'the-key',
} as const;

describe('the API as the demo uses it', () => {
  it('tries a change again with the same key while the server is busy or does not answer', async () => {
    cutOff = 1;
    answers = [problem(503, 'unavailable'), problem(409, 'idempotency_key_in_flight')];
    expect(await api().ask(change)).toEqual({ done: true });
    expect(seen).toHaveLength(4);
    expect(new Set(seen.map(({ key }) => key))).toEqual(new Set(['the-key']));
    expect(seen.every(({ body, token }) => body === '{"of":"it"}' && token === 'Bearer abc')).toBe(true);
  });

  it('does not try again what has no key, nor what was refused', async () => {
    answers = [problem(503, 'unavailable')];
    await expect(api().ask({ method: 'POST', path: '/v1/auth/login', json: {} })).rejects.toThrow(ApiProblem);
    expect(seen).toHaveLength(1);
    answers = [problem(409, 'snapshot_already_uploaded', { snapshotId: '7' })];
    await expect(api().ask(change)).rejects.toMatchObject({
      status: 409,
      code: 'snapshot_already_uploaded',
      extra: { snapshotId: '7' },
    });
    expect(seen).toHaveLength(2);
  });

  it('ends at once when the demo is ended', async () => {
    const stop = new AbortController();
    stop.abort(new Error('ended'));
    await expect(api(stop.signal).ask(change)).rejects.toThrow('ended');
    expect(seen).toHaveLength(0);
  });

  it('sends a form and counts what has left', async () => {
    const parts = new FormData();
    parts.set('kind', 'base');
    parts.set('file', new Blob(['a,b\n'.repeat(50_000)]), 'holders.csv');
    let sent = 0;
    await api().ask({
      method: 'POST',
      path: '/v1/snapshots',
      idempotencyKey: 'k',
      form: { parts, onBytes: (bytes) => void (sent += bytes) },
    });
    expect(sent).toBe(seen[0]?.body.length);
    expect(sent).toBeGreaterThan(200_000);
    expect(seen[0]?.body).toContain('filename="holders.csv"');
  });
});
