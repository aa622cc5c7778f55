import type { Logger as NestLogger } from '@nestjs/common';
import { Logger } from 'graphile-worker';

/** The queue's own messages in the application's log; its chatter about each job only when debugging. */
export function workerLogger(target: NestLogger): Logger {
  return new Logger(() => (level, message) => {
    if (level === 'error') target.error(message);
    else if (level === 'warning') target.warn(message);
    else target.debug(message);
  });
}
