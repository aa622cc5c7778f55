import { join } from 'node:path';
import { startChild, type Child } from './child-process.js';
import type { TestDatabase } from './database.js';

/** Shared by all processes of one test, as an installation would configure it. */
export const TEST_TOKEN_SECRET = 'a secret that only tests know, 123456';

/** A real server in a process of its own. */
export interface ServerProcess {
  readonly url: string;
  readonly pid: number;
  /** All that it has written so far, to both streams. */
  output(): string;
  /** Resolves when the process has ended. */
  stop(signal?: NodeJS.Signals): Promise<void>;
}

export interface ProgramResult {
  readonly code: number | NodeJS.Signals | null;
  readonly output: string;
}

/** Starts the built server (npm test builds it) and waits until it listens. */
export async function startServer(
  database: TestDatabase,
  env: Readonly<Record<string, string>> = {},
): Promise<ServerProcess> {
  const own = { PORT: '0', LOG_LEVEL: 'info', RUN_JOBS: 'false', ...environmentOf(database), ...env };
  const child = startChild('dist/main.js', [], own);
  const ready = await child.line('Henkin is ready at ');
  return {
    url: /http:\/\/\S+/.exec(ready)?.[0] ?? '',
    pid: child.pid,
    output: child.output,
    stop: async (signal = 'SIGTERM') => {
      await child.end(signal);
    },
  };
}

/** Starts the built watch in a process of its own and waits until it has compared everything once. */
export async function startWatch(database: TestDatabase, env: Readonly<Record<string, string>> = {}): Promise<Child> {
  const watch = startChild('dist/watch.js', [], { WATCH_DATABASE_URL: database.watchUrl, LOG_LEVEL: 'warn', ...env });
  await watch.line('Henkin watch is ready');
  return watch;
}

/** Runs one of the built command-line programs, named relative to dist, to its end. */
export async function runBuilt(
  program: string,
  args: readonly string[],
  database: TestDatabase,
): Promise<ProgramResult> {
  const child = startChild(join('dist', program), args, environmentOf(database));
  return { code: await child.ended, output: child.output() };
}

function environmentOf(database: TestDatabase): Record<string, string> {
  return { DATABASE_URL: database.appUrl, TOKEN_SECRET: TEST_TOKEN_SECRET };
}
