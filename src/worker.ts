import { createApp } from './app.js';
import { readSettings } from './platform/config/config.js';
import { openInstallation } from './platform/installation/installation.js';
import { Jobs } from './platform/jobs/jobs.js';
import { failStart, stopOnSignals } from './run.js';

/** `npm run worker`: the background work alone, on as many machines as wanted; it listens to nothing. */
try {
  const installation = await openInstallation(readSettings(process.env));
  const app = await createApp(installation.config);
  stopOnSignals(app, installation);
  await app.get(Jobs).start();
  console.log('Henkin worker is ready');
} catch (error) {
  failStart(error);
}
