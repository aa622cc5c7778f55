// A process that takes the job `hold`, says so, and never finishes it.
import { Jobs } from '../../dist/platform/jobs/jobs.js';

const jobs = new Jobs({ databaseUrl: process.env.DATABASE_URL });
jobs.register('hold', async () => {
  console.log('holding');
  await new Promise(() => undefined);
});
await jobs.start();
