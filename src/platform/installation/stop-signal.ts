/** Someone asked the process to end before it had started. Not an error: nothing needs to be said about it. */
export class Stopped extends Error {
  constructor(readonly signal: NodeJS.Signals) {
    super(`stopped by ${signal}`);
  }
}

/**
 * Aborted by the first SIGINT or SIGTERM, with Stopped as its reason. From this call on the process does not die of
 * them any more but has to end itself; a second one ends it at once.
 */
export function stopSignal(): AbortSignal {
  const controller = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (controller.signal.aborted) process.exit(1);
      controller.abort(new Stopped(signal));
    });
  }
  return controller.signal;
}

/** Resolves when the signal is aborted. */
export async function untilStopped(stop: AbortSignal): Promise<void> {
  if (stop.aborted) return;
  await new Promise<void>((resolve) => stop.addEventListener('abort', () => resolve(), { once: true }));
}
