import type { Params } from 'nestjs-pino';
import type { Config } from '../config/config.js';
import { databaseFault } from '../database/sqlstate.js';
import { logLines } from './log-lines.js';

/** Whatever happens to be logged, these never are. */
const SECRET = [
  'password',
  'token',
  'accessToken',
  'refreshToken',
  'activationToken',
  'code',
  'email',
  'phone',
  'name',
  'nameKana',
  'birthDate',
];

/** What everything logs through; requests are logged by request-log.ts. */
export function loggerOptions(config: Config): Params {
  return {
    // No logger of its own for each request: what is logged names its request itself.
    forRoutes: [],
    pinoHttp: [
      {
        level: config.logLevel,
        redact: { paths: SECRET.flatMap((key) => [key, `*.${key}`]), censor: '[redacted]' },
        // Ours see the error itself; wrapped, they would get a copy with nothing left to tell its kind by.
        wrapSerializers: false,
        serializers: { err: describeError },
        autoLogging: false,
      },
      logLines(),
    ],
  };
}

/**
 * What a log may say about an error: its kind and where it came from. Messages of the database and its adapter quote
 * the row or value that failed, so of those only the state and the constraint are kept.
 */
export function describeError(error: unknown): Record<string, string | null> {
  if (!(error instanceof Error)) return { type: typeof error };
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  const fault = databaseFault(error);
  return {
    type: error.name,
    message: fault || error.name.startsWith('Prisma') ? null : error.message,
    stack: frames.join('\n'),
    ...(fault ? { sqlstate: fault.sqlstate, constraint: fault.constraint } : {}),
  };
}
