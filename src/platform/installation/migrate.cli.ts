import { prepareSchema } from './schema.js';

/** `npm run db:migrate`: brings the schema of an outside database up to date, as the role that owns it. */
const url = process.env.MIGRATOR_DATABASE_URL;
if (!url) {
  console.error(
    'MIGRATOR_DATABASE_URL should be the postgresql:// URL of the role that owns the schema (henkin_migrator). Nothing was done.',
  );
  process.exit(1);
}
try {
  const applied = await prepareSchema(url);
  console.log(applied.length > 0 ? `Applied: ${applied.join(', ')}` : 'The schema is up to date.');
} catch (error) {
  console.error(
    `Migrating failed; the failed migration left nothing behind. ${error instanceof Error ? error.message : String(error)}`,
  );
  process.exitCode = 1;
}
// The migration engine leaves a timer behind that would hold the process for ten seconds.
process.exit();
