import { setTimeout as pause } from 'node:timers/promises';

const ATTEMPTS = 5;
const AGAIN_AFTER_MS = 500;

/** The server said no; what it said is the message. */
export class ApiProblem extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    text: string,
    /** What the problem says beside its text. */
    readonly extra: Readonly<Record<string, unknown>> = {},
  ) {
    super(text);
  }
}

export interface ApiRequest {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly token?: string;
  readonly json?: unknown;
  /** Files and fields; counted by `onBytes` as they leave. */
  readonly form?: { readonly parts: FormData; onBytes(bytes: number): void };
  /** Made before the first try, so that all tries are one. */
  readonly idempotencyKey?: string;
  /** The answer is text, to be kept as it is. */
  readonly asText?: boolean;
}

/** The public HTTP API, as anyone outside would use it. */
export class Api {
  constructor(
    readonly baseUrl: string,
    private readonly stop: AbortSignal,
  ) {}

  /**
   * The answer as JSON, null for one without content. What may be asked twice without harm is asked again while the
   * server is busy or does not answer. Errors: ApiProblem; the reason of `stop`.
   */
  async ask<T>(request: ApiRequest): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.askOnce<T>(request);
      } catch (error) {
        this.stop.throwIfAborted();
        const repeatable = request.method === 'GET' || request.idempotencyKey !== undefined;
        if (!repeatable || !isPassing(error) || attempt === ATTEMPTS) throw error;
        await pause(AGAIN_AFTER_MS * attempt, undefined, { signal: this.stop });
      }
    }
  }

  private async askOnce<T>({ method, path, token, json, form, idempotencyKey, asText }: ApiRequest): Promise<T> {
    const headers = new Headers({ 'Accept-Language': 'en' });
    if (token) headers.set('Authorization', `Bearer ${token}`);
    if (idempotencyKey) headers.set('Idempotency-Key', idempotencyKey);
    if (json !== undefined) headers.set('Content-Type', 'application/json');
    const body = form ? counted(form, headers) : json === undefined ? null : JSON.stringify(json);
    const response = await fetch(this.baseUrl + path, { method, headers, body, signal: this.stop, duplex: 'half' });
    const text = await response.text();
    if (!response.ok) throw problemIn(response.status, text, `${method} ${path}`);
    return (asText ? text : text === '' ? null : JSON.parse(text)) as T;
  }
}

/** A form streams from disk; reading it through a counter is how one sees how much of it has left. */
function counted(
  { parts, onBytes }: { parts: FormData; onBytes(bytes: number): void },
  headers: Headers,
): ReadableStream<Uint8Array> {
  const encoded = new Response(parts);
  headers.set('Content-Type', encoded.headers.get('Content-Type') ?? 'multipart/form-data');
  if (encoded.body === null) throw new Error('A form without a body was to be sent.');
  return encoded.body.pipeThrough(
    new TransformStream<Uint8Array, Uint8Array>({
      transform(chunk, controller) {
        onBytes(chunk.byteLength);
        controller.enqueue(chunk);
      },
    }),
  );
}

/** RFC 9457, as far as the server uses it. */
interface ProblemBody {
  readonly type: string;
  readonly status: number;
  readonly code: string;
  readonly title: string;
  readonly detail: string;
}

function problemIn(status: number, text: string, asked: string): ApiProblem {
  try {
    const { code, title, detail, type: _type, status: _status, ...extra } = JSON.parse(text) as ProblemBody;
    return new ApiProblem(status, code, `${asked}: ${title} (${code}). ${detail} ${JSON.stringify(extra)}`, extra);
  } catch {
    return new ApiProblem(status, 'no_problem', `${asked}: ${status} ${text.slice(0, 300)}`);
  }
}

/** Worth another try: no whole answer, too busy, or the same change still under way. */
function isPassing(error: unknown): boolean {
  return !(error instanceof ApiProblem) || error.status === 503 || error.code === 'idempotency_key_in_flight';
}
