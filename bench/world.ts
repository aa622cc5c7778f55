import { resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { readSettings } from '../src/platform/config/config.js';
import { freePort } from '../src/platform/database/postgres-cluster.js';
import { Api } from '../src/demo/api.js';
import { DemoDatabase } from '../src/demo/demo-database.js';
import { Journal } from '../src/demo/journal.js';
import { Mailbox } from '../src/demo/mailbox.js';
import { DEFAULT_PLAN } from '../src/demo/options.js';
import { People } from '../src/demo/people.js';
import { planOf } from '../src/demo/plan.js';
import type { Progress } from '../src/demo/progress.js';
import { administratorIn } from '../src/demo/run-demo.js';
import { DemoServer } from '../src/demo/server.js';
import { reconciled } from '../src/demo/stages/reconcile.js';
import type { Demo, Stage } from '../src/demo/stages/stage.js';
import { STAGES } from '../src/demo/stages/stages.js';
import { assertGuarded } from './guards.js';

/** While waiting for what the server does by itself. */
export const LOOK_AGAIN_MS = 100;

/** What every family of comparisons works with. */
export interface Surroundings {
  readonly progress: Progress;
  readonly stop: AbortSignal;
}

/**
 * A PostgreSQL of its own and the server as `npm start` runs it, with made-up customers and the people who work there. The
 * other side of each comparison runs in the same PostgreSQL.
 */
export class World {
  private constructor(
    readonly demo: Demo,
    readonly server: DemoServer,
    /** For the other side, and for looking behind ours; as superuser. */
    readonly sql: pg.Client,
    readonly databaseUrl: string,
    private readonly progress: Progress,
    private readonly close: () => Promise<void>,
  ) {}

  static folder(name: string): string {
    return resolve(readSettings(process.env).dataDir, 'bench', name);
  }

  /** Begins with an empty database, does `work`, and leaves nothing running. */
  static async with<T>(
    { progress, stop }: Surroundings,
    holders: number,
    work: (world: World) => Promise<T>,
  ): Promise<T> {
    const world = await World.open(World.folder('world'), holders, progress, stop);
    try {
      return await Promise.race([work(world), world.server.died()]);
    } finally {
      await world.close();
    }
  }

  private static async open(folder: string, holders: number, progress: Progress, stop: AbortSignal): Promise<World> {
    await DemoDatabase.wipe(folder);
    // Everybody holds as much on average as in the reference case, so that amounts keep their distribution.
    const total = (DEFAULT_PLAN.total * BigInt(holders)) / BigInt(DEFAULT_PLAN.holders);
    const journal = await Journal.begin(folder, planOf({ holders, total, seed: null }));
    const opened: (() => Promise<void>)[] = [];
    const close = async () => {
      for (const end of opened.toReversed()) await end();
    };
    try {
      const database = await DemoDatabase.open(folder);
      opened.push(() => database.stop());
      const mailbox = await Mailbox.open();
      opened.push(() => mailbox.close());
      const server = await DemoServer.start(folder, await freePort(), mailbox.smtpUrl, stop);
      opened.push(() => server.stop());
      await database.letKeysCountAtOnce();
      const people = await People.hire(new Api(server.baseUrl, stop), journal, administratorIn(folder));
      const sql = new pg.Client({ connectionString: database.superuserUrl });
      await sql.connect();
      opened.push(() => sql.end());
      return new World({ folder, journal, people, stop }, server, sql, database.superuserUrl, progress, close);
    } catch (error) {
      await close();
      throw error;
    }
  }

  get holders(): number {
    return this.demo.journal.plan.holders;
  }

  /** Does these parts of the main job, in their order. */
  async does(...names: readonly string[]): Promise<void> {
    for (const stage of STAGES.filter(({ name }) => names.includes(name))) await this.stage(stage);
  }

  /** Seconds of one part, as the person who asked for it waits. */
  async secondsOf(name: string): Promise<number> {
    await this.does(name);
    return this.demo.journal.seconds[name] ?? 0;
  }

  /**
   * Has what earlier steps left to the watch compared, and what is in memory written out, so that whoever comes next does not
   * pay for it.
   */
  async settle(): Promise<void> {
    await this.watched();
    await this.sql.query('CHECKPOINT');
  }

  /**
   * Has done now what the clock would start within a minute, the trees over all that was sealed and credited, so that it falls into
   * no comparison, or into one side of it.
   */
  async atRest(): Promise<void> {
    await this.sql.query(`SELECT FROM graphile_worker.add_job('proof-build', '{}')`);
    const isBuilding = async () => {
      const { rows } = await this.sql.query(
        `SELECT FROM graphile_worker.jobs WHERE task_identifier = 'proof-build' AND run_at <= now()`,
      );
      return rows.length > 0;
    };
    while (await isBuilding()) await pause(LOOK_AGAIN_MS, undefined, { signal: this.demo.stop });
    await this.watched();
  }

  /**
   * Until the watch has compared all that was written so far: a batch that begins while the watch is far behind is stopped by
   * that, and waits for it.
   */
  async watched(): Promise<void> {
    const { rows } = await this.sql.query<{ now: string }>('SELECT pg_current_xact_id()::text AS now');
    const comparedAll = async () => {
      const position = await this.sql.query<{ all: boolean }>(
        'SELECT compared_xid >= $1::bigint AS all FROM watch_position',
        [rows[0]?.now],
      );
      return position.rows[0]?.all === true;
    };
    while (!(await comparedAll())) await pause(LOOK_AGAIN_MS, undefined, { signal: this.demo.stop });
  }

  /** After money has moved: any difference in the books, or a guard that has fallen asleep, voids what was measured. */
  async assertSound(): Promise<void> {
    await reconciled(this.demo);
    await assertGuarded(this.sql);
  }

  private stage(stage: Stage): Promise<void> {
    return this.progress.show(`  ${stage.title}`, async (bar) => stage.run(this.demo, bar));
  }
}

export async function seconds(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return (performance.now() - began) / 1000;
}
