import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EmbeddedPostgres } from '../database/embedded-postgres.js';
import { prepareDatabase } from '../database/roles.js';
import { stopSignal } from './stop-signal.js';

/** Runs `work` on an empty database of its own, as the role that owns it; nothing of it stays behind. */
export async function withScratchDatabase<T>(work: (migratorUrl: string) => Promise<T>): Promise<T> {
  const stop = stopSignal();
  const folder = await mkdtemp(join(tmpdir(), 'henkin-scratch-'));
  try {
    // PostgreSQL runs as another account when this runs as root.
    await chmod(folder, 0o711);
    const server = await EmbeddedPostgres.start(folder);
    try {
      stop.throwIfAborted();
      await prepareDatabase(server.superuserUrl, server.passwords);
      stop.throwIfAborted();
      return await work(server.migratorUrl);
    } finally {
      await server.stop();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
