import { pino } from 'pino';
import { openWatched } from './platform/installation/installation.js';
import { runProgramOn } from './platform/installation/program.js';
import { Mailer } from './platform/mail/mailer.js';
import { describeError } from './platform/observability/logger.js';
import { Messenger } from './watch/messenger.js';
import { Watch } from './watch/watch.js';

// Started by a server, it ends with it, however that went, also while it is still being started itself.
const end = () => process.kill(process.pid, 'SIGTERM');
if ('connected' in process && !process.connected) end();
else process.once('disconnect', end);

/** `npm run watch`: the watch alone, with its own role of the database; it listens to nothing. Two of them do no harm. */
await runProgramOn(openWatched, async ({ settings, watchDatabaseUrl }, stop) => {
  const logger = pino({ level: settings.logLevel, serializers: { err: describeError } });
  const watch = new Watch(watchDatabaseUrl, settings, logger);
  const messenger = new Messenger(watch.database, settings, new Mailer(settings), logger);
  let ready = false;
  const announce = () => {
    if (!ready) console.log('Henkin watch is ready');
    ready = true;
  };
  try {
    await Promise.all([watch.run(stop, announce), messenger.run(stop)]);
  } finally {
    await watch.close();
  }
});
