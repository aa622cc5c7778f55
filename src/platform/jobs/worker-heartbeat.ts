import type { Logger } from '@nestjs/common';
import type pg from 'pg';

const BEAT_MS = 2_000;
/** Silent for this long counts as dead. One that was only slow does no harm: every job bears being run twice. */
const DEAD_AFTER_SECONDS = 8;

/** Tells the other processes that this one works, and gives the jobs of dead ones back to the queue. */
export class WorkerHeartbeat {
  private workerId: string | null = null;
  private timer: NodeJS.Timeout | null = null;
  private beating: Promise<void> = Promise.resolve();

  constructor(
    private readonly pool: pg.Pool,
    private readonly logger: Logger,
  ) {}

  start(): void {
    this.timer = setInterval(() => this.beat(), BEAT_MS);
    this.beat();
  }

  /** From now on this worker is known to live, and none before it: what an earlier one left locked is given back. */
  beatFor(workerId: string): void {
    this.workerId = workerId;
    this.beat();
  }

  async stop(): Promise<void> {
    if (this.timer) clearInterval(this.timer);
    await this.beating;
    await this.pool.query('DELETE FROM worker_heartbeat WHERE worker_id = $1', [this.workerId]).catch(() => undefined);
  }

  /** Beats never overlap; one that fails is tried again by the next. */
  private beat(): void {
    this.beating = this.beating
      .then(() => this.beatOnce())
      .catch((error: Error) => this.logger.warn(`heartbeat failed: ${error.message}`));
  }

  private async beatOnce(): Promise<void> {
    await this.pool.query(
      `INSERT INTO worker_heartbeat (worker_id, seen_at) SELECT $1::text, now() WHERE $1 IS NOT NULL
       ON CONFLICT (worker_id) DO UPDATE SET seen_at = excluded.seen_at`,
      [this.workerId],
    );
    const dead = await this.buryDead();
    if (dead.length > 0) this.logger.warn(`gave back the jobs of dead workers: ${dead.join(', ')}`);
  }

  /** No id is ever used twice, so two processes that notice the same death do no harm. */
  private async buryDead(): Promise<string[]> {
    const { rows } = await this.pool.query<{ worker_id: string }>(
      `WITH holder AS (
         SELECT locked_by AS worker_id, max(locked_at) AS locked_at
         FROM (SELECT locked_by, locked_at FROM graphile_worker._private_jobs WHERE locked_by IS NOT NULL
               UNION ALL
               SELECT locked_by, locked_at FROM graphile_worker._private_job_queues WHERE locked_by IS NOT NULL) AS locked
         GROUP BY locked_by
       ), dead AS (
         SELECT worker_id FROM holder LEFT JOIN worker_heartbeat USING (worker_id)
         WHERE greatest(seen_at, locked_at) < now() - make_interval(secs => $1)
       ), forgotten AS (
         DELETE FROM worker_heartbeat WHERE seen_at < now() - make_interval(secs => $1)
       )
       SELECT worker_id FROM dead`,
      [DEAD_AFTER_SECONDS],
    );
    const dead = rows.map((row) => row.worker_id);
    if (dead.length > 0) await this.pool.query('SELECT graphile_worker.force_unlock_workers($1)', [dead]);
    return dead;
  }
}
