import type { INestApplicationContext } from '@nestjs/common';
import { ConfigError } from './platform/config/config.js';
import { Jobs } from './platform/jobs/jobs.js';
import type { Installation } from './platform/installation/installation.js';

/** After this long the process ends whatever is still running: what it did not commit did not happen. */
const STOP_WITHIN_MS = 10_000;

/**
 * Ends the process well: no new requests, running jobs finish their chunk, connections close, an embedded
 * PostgreSQL stops. A second signal ends it at once.
 */
export function stopOnSignals(app: INestApplicationContext, installation: Installation): void {
  let stopping = false;
  const stop = async () => {
    if (stopping) process.exit(1);
    stopping = true;
    setTimeout(() => process.exit(1), STOP_WITHIN_MS).unref();
    await app.get(Jobs).stop();
    await app.close();
    await installation.close();
    process.exit(0);
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void stop());
}

/** One readable message instead of a stack, because whoever reads it wants to know what to do. */
export function failStart(error: unknown): never {
  console.error(error instanceof ConfigError ? error.message : `The start failed: ${error instanceof Error ? error.message : String(error)}`);
  process.exit(1);
}
