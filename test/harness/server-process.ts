import { spawn } from 'node:child_process';
import { join } from 'node:path';
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
  readonly code: number | null;
  readonly output: string;
}

/** Starts the built server (npm test builds it) and waits until it listens. */
export async function startServer(
  database: TestDatabase,
  env: Readonly<Record<string, string>> = {},
): Promise<ServerProcess> {
  const child = spawnBuilt('main.js', [], database, { PORT: '0', LOG_LEVEL: 'info', RUN_JOBS: 'false', ...env });
  let output = '';
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const url = await new Promise<string>((resolve, reject) => {
    const read = (chunk: Buffer) => {
      output += chunk.toString();
      const ready = /Henkin is ready at (http:\/\/[^\s]+)/.exec(output)?.[1];
      if (ready) resolve(ready);
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    void ended.then(() => reject(new Error(`the server ended before it was ready: ${output}`)));
  });
  return {
    url,
    pid: child.pid ?? 0,
    output: () => output,
    stop: async (signal = 'SIGTERM') => {
      child.kill(signal);
      await ended;
    },
  };
}

/** Runs one of the built command-line programs to its end. */
export async function runBuilt(
  program: string,
  args: readonly string[],
  database: TestDatabase,
): Promise<ProgramResult> {
  const child = spawnBuilt(program, args, database, {});
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, output };
}

function spawnBuilt(
  program: string,
  args: readonly string[],
  database: TestDatabase,
  env: Readonly<Record<string, string>>,
) {
  const { NODE_OPTIONS: _jest, ...inherited } = process.env;
  return spawn(process.execPath, ['--enable-source-maps', join('dist', program), ...args], {
    env: { ...inherited, DATABASE_URL: database.appUrl, TOKEN_SECRET: TEST_TOKEN_SECRET, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}
