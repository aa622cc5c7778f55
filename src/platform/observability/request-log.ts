import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { PinoLogger } from 'nestjs-pino';

/** Asked every few seconds by machines, and of no interest to anybody afterwards. */
const UNLOGGED = ['/health/live', '/health/ready'];

/** One line per request: id, who, address without query, status, duration. No bodies and no headers. */
export function logRequests(app: NestFastifyApplication): void {
  // These fields are all there is, and none is a secret: looking through each for one cost more than the rest of the line.
  const lines = PinoLogger.root.child({}, { level: 'trace', redact: [] });
  app
    .getHttpAdapter()
    .getInstance()
    .addHook('onResponse', ({ id, method, url, raw }, { statusCode, elapsedTime }, done) => {
      const level = levelOf(statusCode);
      if (UNLOGGED.includes(url) || !PinoLogger.root.isLevelEnabled(level)) return done();
      const actorId = (raw as { user?: { id: string } }).user?.id;
      const line = {
        requestId: id,
        actorId,
        method,
        path: pathOf(url),
        status: statusCode,
        ms: Math.round(elapsedTime),
      };
      lines[level](line, 'request');
      done();
    });
}

function levelOf(status: number): 'info' | 'warn' | 'error' {
  if (status >= 500) return 'error';
  return status >= 400 ? 'warn' : 'info';
}

/** Without what is no number or name of ours: somebody may have put a person where a customer number belongs. */
function pathOf(url: string): string {
  return (url.split('?')[0] ?? '').replaceAll(/[^/]*[^\w./-][^/]*/g, '[redacted]');
}
