import { pino } from 'pino';
import { openWatched } from './platform/installation/installation.js';
import { runProgramOn } from './platform/installation/program.js';
import { describeError } from './platform/observability/logger.js';
import { Watch } from './watch/watch.js';

/** `npm run watch`: the watch alone, with its own role of the database; it listens to nothing. Two of them do no harm. */
await runProgramOn(openWatched, async ({ settings, watchDatabaseUrl }, stop) => {
  // Started by a server, it ends with it, however that went.
  process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
  const logger = pino({ level: settings.logLevel, serializers: { err: describeError } });
  const watch = new Watch(watchDatabaseUrl, settings, logger);
  let ready = false;
  try {
    await watch.run(stop, () => {
      if (!ready) console.log('Henkin watch is ready');
      ready = true;
    });
  } finally {
    await watch.close();
  }
});
