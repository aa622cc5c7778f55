import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Params } from 'nestjs-pino';
import type { Config } from '../config/config.js';

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
      serializers: {
        req: (request: { id: string; method: string; url: string }) => ({
          id: request.id,
          method: request.method,
          path: request.url.split('?')[0],
        }),
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
