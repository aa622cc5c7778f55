import { createApp } from './app.js';
import { runProgram } from './platform/installation/program.js';
import { untilStopped } from './platform/installation/stop-signal.js';
import { Jobs } from './platform/jobs/jobs.js';
import { WatchObserver } from './watch/watch-observer.js';

/** `npm run worker`: the background work alone, on as many machines as wanted; it listens to nothing. */
await runProgram(async ({ config }, stop) => {
  const app = await createApp(config);
  try {
    await app.get(Jobs).start();
    app.get(WatchObserver).start();
    console.log('Henkin worker is ready');
    await untilStopped(stop);
  } finally {
    await app.close();
  }
});
