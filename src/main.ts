import { createApp } from './app.js';
import { readSettings } from './platform/config/config.js';
import { openInstallation } from './platform/installation/installation.js';
import { Jobs } from './platform/jobs/jobs.js';
import { failStart, stopOnSignals } from './run.js';

/** `npm start`: the server, with the background work unless RUN_JOBS=false. */
try {
  const installation = await openInstallation(readSettings(process.env));
  const { config } = installation;
  const app = await createApp(config);
  stopOnSignals(app, installation);
  if (config.runJobs) await app.get(Jobs).start();
  await app.listen(config.port, config.host);
  const url = await app.getUrl();
  console.log(`Henkin is ready at ${url}${config.publicDocs ? ` (documentation: ${url}/docs)` : ''}`);
} catch (error) {
  failStart(error);
}
