import { stopSignal } from '../platform/installation/stop-signal.js';
import { readOptions } from './options.js';
import { runDemo } from './run-demo.js';

/** `npm run demo`: the whole job on made-up customers; `--help` says how it can be asked for. */
const options = readOptions(process.argv);
const stop = stopSignal();
stop.addEventListener('abort', () => process.stderr.write('\nEnding the server and the database…\n'));
// A terminal that is closed must not leave them behind either.
process.on('SIGHUP', () => process.kill(process.pid, 'SIGTERM'));
try {
  await runDemo(options, stop);
} catch (error) {
  // Whatever is cut off by being asked to end is no error of its own.
  process.exitCode = stop.aborted ? 130 : 1;
  if (!stop.aborted)
    process.stderr.write(`The demo stopped: ${error instanceof Error ? error.message : String(error)}\n`);
}
process.exit();
