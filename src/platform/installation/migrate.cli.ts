import { prepareSchema } from './installation.js';

/** `npm run db:migrate`: brings the schema of an outside database up to date, as the role that owns it. */
const url = process.env.MIGRATOR_DATABASE_URL;
if (!url) {
  console.error('MIGRATOR_DATABASE_URL must be the postgresql:// URL of the role that owns the schema (henkin_migrator). Nothing was done.');
  process.exit(1);
}
try {
  const applied = await prepareSchema(url);
  console.log(applied.length > 0 ? `Applied: ${applied.join(', ')}` : 'The schema is up to date.');
  // The migration engine leaves a timer behind that would hold the process for ten seconds.
  process.exit(0);
} catch (error) {
  console.error(`Migrating failed, and the failed migration was rolled back: ${error instanceof Error ? error.message : String(error)}`);
  process.exit(1);
}
