/** Someone asked the process to end before it had started. Not an error: nothing needs to be said about it. */
export class Stopped extends Error {
  constructor(readonly signal: NodeJS.Signals) {
    super(`stopped by ${signal}`);
  }
}

const PARENT_CHECK_MS = 500;

/**
 * Aborted by SIGINT or SIGTERM, with Stopped as its reason. From this call on the process does not die of them any more
 * but has to end itself. Asking again does not hurry it: a database would be left running.
 */
export function stopSignal(): AbortSignal {
  const controller = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => controller.abort(new Stopped(signal)));
  }
  if (process.env.npm_lifecycle_event) stopWithParent(controller);
  return controller.signal;
}

/** npm hands a signal to the shell between us only; that dies of it and would leave this process running alone. */
function stopWithParent(controller: AbortController): void {
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    controller.abort(new Stopped('SIGTERM'));
  }, PARENT_CHECK_MS);
  timer.unref();
}

/** Resolves when the signal is aborted. */
export async function untilStopped(stop: AbortSignal): Promise<void> {
  if (stop.aborted) return;
  await new Promise<void>((resolve) => stop.addEventListener('abort', () => resolve(), { once: true }));
}
