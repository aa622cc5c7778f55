import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Params } from 'nestjs-pino';
import type { Config } from '../config/config.js';
import { databaseFault } from '../database/sqlstate.js';

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

/** One JSON line per request: id, route, status, duration. No bodies, no headers, no query values. */
export function loggerOptions(config: Config): Params {
  return {
    pinoHttp: {
      level: config.logLevel,
      redact: { paths: SECRET.flatMap((key) => [key, `*.${key}`]), censor: '[redacted]' },
      // Ours see the error itself; wrapped, they would get a copy with nothing left to tell its kind by.
      wrapSerializers: false,
      serializers: {
        req: (request: { id: string; method: string; url: string }) => ({
          id: request.id,
          method: request.method,
          path: request.url.split('?')[0],
        }),
        err: describeError,
        res: (response: { statusCode: number }) => ({ status: response.statusCode }),
      },
      customProps: (request: IncomingMessage) => ({ actorId: (request as { user?: { id: string } }).user?.id }),
      customLogLevel: (_request: IncomingMessage, response: ServerResponse, error?: Error) =>
        error || response.statusCode >= 500 ? 'error' : response.statusCode >= 400 ? 'warn' : 'info',
      autoLogging: {
        ignore: (request: IncomingMessage) => request.url === '/health/live' || request.url === '/health/ready',
      },
    },
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
