import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { createApp } from '../../src/app.js';
import { Config, Settings } from '../../src/platform/config/config.js';
import { canariesIn, canariesInAddresses, leakingLines } from './leaks.js';
import { captureLog } from './captured-log.js';
import { createTestDatabase, type TestCluster, type TestDatabase } from './database.js';

export interface CallOptions {
  readonly token?: string;
  /** Sent as JSON. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Where the call seems to come from. */
  readonly remoteAddress?: string;
}

/** `B` is what the test expects of the body; nothing checks it but the test's own expectations. */
export interface Answer<B> {
  readonly status: number;
  /** Parsed JSON, or the text if it is none. */
  readonly body: B;
  readonly headers: Readonly<Record<string, string | string[] | number | undefined>>;
}

/** A server of one test file on a database of its own; called without a network unless the test listens itself. */
export interface TestApp {
  readonly app: NestFastifyApplication;
  readonly config: Config;
  readonly database: TestDatabase;
  call<B = unknown>(
    method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE',
    url: string,
    options?: CallOptions,
  ): Promise<Answer<B>>;
  /** Errors: personal data got into the log, a metric, an error or an address that was answered, whatever the test was about. */
  close(): Promise<void>;
}

export async function createTestApp(settings: Partial<Settings> = {}, cluster?: TestCluster): Promise<TestApp> {
  const database = await createTestDatabase(cluster);
  const defaults = { ...new Settings(), logLevel: 'silent', publicDocs: false };
  const config = new Config(
    { ...defaults, ...settings },
    { databaseUrl: database.appUrl, tokenSecret: settings.tokenSecret ?? 'a secret that only tests know, 123456' },
  );
  const app = await createApp(config);
  const log = captureLog();
  const leaks: string[] = [];
  return {
    app,
    config,
    database,
    call: async <B>(
      method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE',
      url: string,
      { token, body, headers, remoteAddress }: CallOptions = {},
    ) => {
      const answer = await app.inject({
        method,
        url,
        ...(remoteAddress ? { remoteAddress } : {}),
        headers: {
          ...(token ? { authorization: `Bearer ${token}` } : {}),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body === undefined ? {} : { payload: JSON.stringify(body) }),
      });
      const leaked = [
        ...(answer.statusCode >= 400 ? canariesIn(answer.body) : []),
        ...canariesInAddresses(answer.body),
      ];
      leaks.push(
        ...leaked.map((canary) => `${method} ${url.split('?')[0]} answered ${answer.statusCode} with ${canary}`),
      );
      return { status: answer.statusCode, body: parsed(answer.body) as B, headers: answer.headers };
    },
    close: async () => {
      leaks.push(...canariesIn((await app.inject({ method: 'GET', url: '/metrics' })).body));
      await app.close();
      await database.drop();
      leaks.push(...leakingLines(log()));
      if (leaks.length > 0) throw new Error(`Personal data where none may be:\n${leaks.join('\n')}`);
    },
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
