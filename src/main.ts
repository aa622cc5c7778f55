import { createApp } from './app.js';
import { runProgram } from './platform/installation/program.js';
import { untilStopped } from './platform/installation/stop-signal.js';
import { WatchObserver } from './watch/watch-observer.js';
import { WatchProcess } from './watch/watch-process.js';
import { Jobs } from './platform/jobs/jobs.js';

/** `npm start`: the server, with the background work unless RUN_JOBS=false, and the watch beside it if RUN_WATCH says so. */
await runProgram(async ({ config }, stop) => {
  const app = await createApp(config);
  const watch = config.runWatch ? new WatchProcess(config) : null;
  try {
    if (config.runJobs) {
      await app.get(Jobs).start();
      app.get(WatchObserver).start();
    }
    await app.listen(config.port, config.host);
    const url = await app.getUrl();
    console.log(`Henkin is ready at ${url}${config.publicDocs ? ` (documentation: ${url}/docs)` : ''}`);
    await untilStopped(stop);
    // No new requests from here on, while those under way and the running chunks of jobs are finished.
    app.getHttpServer().close();
  } finally {
    await Promise.all([app.close(), watch?.stop()]);
  }
});
