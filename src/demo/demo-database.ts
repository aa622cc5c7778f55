import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { EmbeddedPostgres } from '../platform/database/embedded-postgres.js';
import { filesOf } from '../platform/database/postgres-cluster.js';
import { withClient } from '../platform/database/roles.js';
import { findPostmaster } from '../platform/database/postmaster.js';
import { CannotStart } from './plan.js';

/** The session that holds this advisory lock belongs to the demo that works in the folder. "demo" in ASCII. */
const DEMO_LOCK = '0x64656d6f';

/** The demo's own PostgreSQL, in a folder that nothing else uses, held by one demo at a time. */
export class DemoDatabase {
  private constructor(
    private readonly server: EmbeddedPostgres,
    private readonly lock: pg.Client,
  ) {}

  /** Removes what an earlier demo left in the folder. Errors: CannotStart when that demo still runs. */
  static async wipe(folder: string): Promise<void> {
    if (await findPostmaster(filesOf(join(folder, 'postgres')))) await (await DemoDatabase.open(folder)).stop();
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { recursive: true });
  }

  /** Starts the server on what is in the folder, or on a new database. Errors: CannotStart when another demo uses it. */
  static async open(folder: string): Promise<DemoDatabase> {
    const server = await EmbeddedPostgres.start(folder);
    try {
      const maintenance = new URL(server.superuserUrl);
      maintenance.pathname = '/postgres';
      const lock = new pg.Client({
        connectionString: maintenance.href,
        connectionTimeoutMillis: 10_000,
        keepAlive: true,
      });
      // Losing the session shows when the server is stopped; without a listener it would end the process.
      lock.on('error', () => undefined);
      await lock.connect();
      const { rows } = await lock.query<{ taken: boolean }>(`SELECT pg_try_advisory_lock(${DEMO_LOCK}) AS taken`);
      if (rows[0]?.taken) return new DemoDatabase(server, lock);
      await lock.end();
      throw new CannotStart(`Another demo is at work in ${folder}. End it first, or set DATA_DIR to another folder.`);
    } catch (error) {
      await server.stop();
      throw error;
    }
  }

  /** For looking at the tables, and for scripts that go on from the demo. */
  get superuserUrl(): string {
    return this.server.superuserUrl;
  }

  /**
   * Lets release keys count at once instead of after a day. The first rule may be set by whoever owns the schema, and only
   * while no key exists; on a real installation nobody does.
   */
  async letKeysCountAtOnce(): Promise<void> {
    await withClient(this.server.migratorUrl, (client) =>
      client.query(`
        INSERT INTO release_rule (least_signatures, waiting_hours, status)
        SELECT least_signatures, 0, 'effective' FROM current_release_rule()
        WHERE waiting_hours > 0 AND NOT EXISTS (SELECT FROM release_key)`),
    );
  }

  async stop(): Promise<void> {
    await this.lock.end().catch(() => undefined);
    await this.server.stop();
  }
}
