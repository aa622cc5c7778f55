import { randomBytes } from 'node:crypto';
import { link, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Config, type Settings } from '../config/config.js';
import { EmbeddedPostgres } from '../database/embedded-postgres.js';
import { prepareDatabase } from '../database/roles.js';
import { assertServable, assertWatchable, isSchemaPrepared, prepareSchema } from './schema.js';

/** A database that is ready to be served, and how to let go of it. */
export interface Installation {
  readonly config: Config;
  /** Present only with the embedded server, for backups, the demo and tests. */
  readonly superuserUrl: string | null;
  close(): Promise<void>;
}

/**
 * Opens the database that the settings name. An embedded one is created, started and migrated as needed; an outside one
 * is only checked, because changing its schema is a decision of whoever operates it (`npm run db:migrate`).
 * When `stop` is aborted meanwhile, everything that was opened is closed and its reason is thrown.
 */
export async function openInstallation(settings: Settings, stop: AbortSignal): Promise<Installation> {
  const { databaseUrl, tokenSecret } = settings;
  if (databaseUrl === null) return openEmbedded(settings, stop);
  if (tokenSecret === null) throw new Error('TOKEN_SECRET must be set together with DATABASE_URL');
  await assertServable(databaseUrl);
  stop.throwIfAborted();
  return {
    config: new Config(settings, { databaseUrl, tokenSecret }),
    superuserUrl: null,
    close: async () => undefined,
  };
}

/** What the watch works on: its own role and nothing else. */
export interface WatchedInstallation {
  readonly settings: Settings;
  readonly watchDatabaseUrl: string;
  close(): Promise<void>;
}

/** As `openInstallation`; of an outside database it needs only WATCH_DATABASE_URL and neither password nor secret of the application. */
export async function openWatched(settings: Settings, stop: AbortSignal): Promise<WatchedInstallation> {
  if (settings.watchDatabaseUrl !== null) {
    await assertWatchable(settings.watchDatabaseUrl);
    return { settings, watchDatabaseUrl: settings.watchDatabaseUrl, close: async () => undefined };
  }
  if (settings.databaseUrl !== null) throw new Error('WATCH_DATABASE_URL must be set together with DATABASE_URL');
  const { config, close } = await openEmbedded(settings, stop);
  if (config.watchDatabaseUrl === null) throw new Error('the embedded database has no role for the watch');
  return { settings, watchDatabaseUrl: config.watchDatabaseUrl, close };
}

async function openEmbedded(settings: Settings, stop: AbortSignal): Promise<Installation> {
  stop.throwIfAborted();
  const server = await EmbeddedPostgres.start(settings.dataDir);
  try {
    stop.throwIfAborted();
    await prepareDatabase(server.superuserUrl, server.passwords);
    if (!(await isSchemaPrepared(server.appUrl))) await prepareSchema(server.migratorUrl);
    await assertServable(server.appUrl);
    stop.throwIfAborted();
    const tokenSecret = settings.tokenSecret ?? (await keptSecret(settings.dataDir));
    const config = new Config(settings, {
      databaseUrl: server.appUrl,
      tokenSecret,
      watchDatabaseUrl: server.watchUrl,
    });
    return { config, superuserUrl: server.superuserUrl, close: () => server.stop() };
  } catch (error) {
    await server.stop();
    throw error;
  }
}

/** Tokens stay valid over a restart with the same data folder, and no secret is ever a default. */
async function keptSecret(dataDir: string): Promise<string> {
  const file = join(dataDir, 'token-secret');
  const draft = `${file}.${process.pid}`;
  await writeFile(draft, randomBytes(32).toString('hex'), { mode: 0o600 });
  try {
    // Of two processes that start together one is first; unlike a rename, a link never replaces what is there.
    await link(draft, file).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
  } finally {
    await rm(draft, { force: true });
  }
  return readFile(file, 'utf8');
}
