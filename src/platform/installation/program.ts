import { ConfigError, readSettings } from '../config/config.js';
import { openInstallation, type Installation } from './installation.js';
import type { Settings } from '../config/config.js';
import { Stopped, stopSignal } from './stop-signal.js';

/** After a signal to stop, what is not done within this time is cut off: what it did not commit did not happen. */
const STOP_WITHIN_MS = 10_000;

/**
 * Runs a program on the installation that the environment names, or on what `open` makes of it, closes it whatever
 * happens and ends the process.
 * `work` ends early, and in order, when `stop` is aborted by SIGINT or SIGTERM. Errors are told in one sentence, because
 * whoever reads it wants to know what to do; the exit code is then 1.
 */
export function runProgram(work: (installation: Installation, stop: AbortSignal) => Promise<void>): Promise<never> {
  return runProgramOn(openInstallation, work);
}

export async function runProgramOn<T extends { close(): Promise<void> }>(
  open: (settings: Settings, stop: AbortSignal) => Promise<T>,
  work: (installation: T, stop: AbortSignal) => Promise<void>,
): Promise<never> {
  const stop = stopSignal();
  stop.addEventListener('abort', () => setTimeout(() => process.exit(1), STOP_WITHIN_MS).unref());
  let installation: T | null = null;
  try {
    installation = await open(readSettings(process.env), stop);
    await work(installation, stop);
  } catch (error) {
    if (!(error instanceof Stopped)) {
      process.exitCode = 1;
      console.error(
        error instanceof ConfigError
          ? error.message
          : `Stopped by an error: ${error instanceof Error ? error.message : String(error)}`,
      );
    }
  }
  await installation?.close();
  process.exit();
}
