import type { Logger } from '@nestjs/common';
import type pg from 'pg';

const BEAT_MS = 2_000;
/** Silent for this long counts as dead. A worker that only slept does no harm: every job bears being run twice. */
const DEAD_AFTER_SECONDS = 6;

/** Tells the other processes that these workers live, and gives the jobs of dead ones back to the queue. */
export class WorkerHeartbeat {
  private readonly workerIds = new Set<string>();
  private timer: NodeJS.Timeout | null = null;
  private beating: Promise<void> = Promise.resolve();

  constructor(
    private readonly pool: pg.Pool,
    private readonly logger: Logger,
  ) {}

  add(workerId: string): void {
    this.workerIds.add(workerId);
    this.beat();
  }

  start(): void {
    this.timer = setInterval(() => this.beat(), BEAT_MS);
    this.beat();
  }

  async stop(): Promise<void> {
    if (this.timer) clearInterval(this.timer);
    await this.beating;
    await this.pool.query('DELETE FROM worker_heartbeat WHERE worker_id = ANY ($1)', [[...this.workerIds]]).catch(() => undefined);
  }

  /** Beats never overlap; one that fails is tried again by the next. */
  private beat(): void {
    this.beating = this.beating.then(() => this.beatOnce()).catch((error: Error) => this.logger.warn(`heartbeat failed: ${error.message}`));
  }

  private async beatOnce(): Promise<void> {
    await this.pool.query(
      `INSERT INTO worker_heartbeat (worker_id, seen_at) SELECT unnest($1::text[]), now()
       ON CONFLICT (worker_id) DO UPDATE SET seen_at = excluded.seen_at`,
      [[...this.workerIds]],
    );
    const { rows } = await this.pool.query<{ worker_id: string }>(
      `SELECT DISTINCT locked_by AS worker_id
       FROM (SELECT locked_by, locked_at FROM graphile_worker._private_jobs
             UNION ALL SELECT locked_by, locked_at FROM graphile_worker._private_job_queues) AS locked
       WHERE locked_at < now() - make_interval(secs => $1)
         AND NOT EXISTS (SELECT FROM worker_heartbeat
                         WHERE worker_id = locked_by AND seen_at > now() - make_interval(secs => $1))`,
      [DEAD_AFTER_SECONDS],
    );
    if (rows.length === 0) return;
    const dead = rows.map((row) => row.worker_id);
    await this.pool.query('SELECT graphile_worker.force_unlock_workers($1)', [dead]);
    await this.pool.query('DELETE FROM worker_heartbeat WHERE worker_id = ANY ($1)', [dead]);
    this.logger.warn(`gave back the jobs of ${dead.length} dead worker(s): ${dead.join(', ')}`);
  }
}
