import { withClient } from '../database/roles.js';
import { roleProblem, schemaProblem } from '../database/schema-check.js';
import { jobSchemaProblem, prepareJobSchema } from '../jobs/job-schema.js';

/** Brings the whole schema up to date, ours and the job queue's; safe to repeat. Answers the migrations applied now. */
export async function prepareSchema(migratorUrl: string): Promise<readonly string[]> {
  // Loaded only here: a server whose schema is prepared never needs the engine, and it takes much memory.
  const { applyMigrations } = await import('../database/migration-engine.js');
  const applied = await applyMigrations(migratorUrl);
  // The application and the watch read this table to refuse a schema they do not know.
  await withClient(migratorUrl, (client) =>
    client.query('GRANT SELECT ON _prisma_migrations TO henkin_app, henkin_watch'),
  );
  await prepareJobSchema(migratorUrl);
  return applied;
}

/** Is there nothing for `prepareSchema` to do? Loading the engine only to find that out costs time and memory. */
export async function isSchemaPrepared(databaseUrl: string): Promise<boolean> {
  return withClient(
    databaseUrl,
    async (client) => (await schemaProblem(client)) === null && (await jobSchemaProblem(client)) === null,
  );
}

/** Refuses a schema that this program does not know and a role that stands above the schema's guards. */
export async function assertServable(databaseUrl: string): Promise<void> {
  await withClient(databaseUrl, async (client) => {
    const problem = (await roleProblem(client)) ?? (await schemaProblem(client)) ?? (await jobSchemaProblem(client));
    if (problem !== null) throw new Error(problem);
  });
}

/** The same for the watch, which never sees the job queue. */
export async function assertWatchable(watchDatabaseUrl: string): Promise<void> {
  await withClient(watchDatabaseUrl, async (client) => {
    const problem = (await roleProblem(client)) ?? (await schemaProblem(client));
    if (problem !== null) throw new Error(problem);
  });
}
