import { randomUUID } from 'node:crypto';
import { openAsBlob } from 'node:fs';
import { eventually } from '../harness/eventually.js';

export interface JsonAnswer {
  readonly status: number;
  // Bodies are read by tests that say themselves what they expect.
  readonly body: Record<string, unknown>;
}

/** One person at the public API over a real connection; what asks for a key is repeated with the same one after a lost answer. */
export class Person {
  constructor(
    private readonly baseUrl: () => string,
    private readonly token: string,
    private readonly stepUp: () => Promise<void>,
  ) {}

  get(path: string): Promise<JsonAnswer> {
    return this.send('GET', path);
  }

  /** The key is made before the first try. */
  async post(path: string, body?: unknown, key = randomUUID()): Promise<JsonAnswer> {
    const json = body === undefined ? {} : { body: JSON.stringify(body) };
    return this.send('POST', path, {
      ...json,
      headers: { 'Idempotency-Key': key, ...(body === undefined ? {} : { 'Content-Type': 'application/json' }) },
    });
  }

  async upload(
    path: string,
    fields: Readonly<Record<string, string>>,
    files: Readonly<Record<string, string>>,
  ): Promise<JsonAnswer> {
    const form = new FormData();
    for (const [name, value] of Object.entries(fields)) form.set(name, value);
    for (const [name, file] of Object.entries(files))
      form.set(name, await openAsBlob(file, { type: 'text/csv' }), `${name}.csv`);
    return this.send('POST', path, { body: form, headers: { 'Idempotency-Key': randomUUID() } });
  }

  /** Repeats until the server answers again: a killed one is being started, and the same key makes it the same request. */
  private async send(
    method: string,
    path: string,
    init: { body?: string | FormData; headers?: Record<string, string> } = {},
  ): Promise<JsonAnswer> {
    const headers = { ...init.headers, Authorization: `Bearer ${this.token}`, 'Accept-Language': 'en' };
    return eventually(async () => {
      const response = await fetch(this.baseUrl() + path, { method, ...init, headers }).catch(() => null);
      const text = await response?.text().catch(() => null);
      if (!response || text === null || text === undefined) return undefined;
      const body = (text.startsWith('{') ? JSON.parse(text) : { text }) as Record<string, unknown>;
      if (body.code === 'step_up_required') {
        await this.stepUp();
        return undefined;
      }
      return response.status === 503 || body.code === 'idempotency_key_in_flight'
        ? undefined
        : { status: response.status, body };
    });
  }
}

/** The value at a path of an answer, as text. Errors: it is not there. */
export function textAt(answer: JsonAnswer, ...path: string[]): string {
  const value = path.reduce<unknown>(
    (at, key) => (typeof at === 'object' && at !== null ? (at as Record<string, unknown>)[key] : undefined),
    answer.body,
  );
  if (typeof value !== 'string')
    throw new Error(`no ${path.join('.')} in ${answer.status} ${JSON.stringify(answer.body)}`);
  return value;
}
