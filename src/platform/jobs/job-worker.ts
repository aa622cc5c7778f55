import { EventEmitter } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import { parseCronItems, run, type Runner, type TaskList, type WorkerEvents } from 'graphile-worker';
import pg from 'pg';
import { isUnavailable } from '../database/sqlstate.js';
import { WorkerHeartbeat } from './worker-heartbeat.js';
import { workerLogger } from './worker-logger.js';

export type JobHandler = (payload: unknown, signal: AbortSignal) => Promise<void>;

export interface RepeatedJob {
  readonly name: string;
  /** Five fields of cron, in UTC. */
  readonly crontab: string;
}

const CONCURRENT_JOBS = 2;
const POLL_MS = 1_000;
const RESTART_AFTER_MS = 2_000;
const TRY_AGAIN_AFTER_MS = 1_000;
const STATEMENT_TIMEOUT_MS = 10_000;
/** Less than the process as a whole has for stopping, so that the rest can still be closed in order. */
const FINISH_CHUNK_MS = 6_000;

/** The part of the process that works on jobs, on connections of its own so that jobs and requests do not starve each other. */
export class JobWorker {
  private readonly logger = new Logger('Jobs');
  private readonly stopping = new AbortController();
  private readonly pool: pg.Pool;
  private readonly heartbeat: WorkerHeartbeat;
  private runner: Runner | null = null;

  constructor(
    databaseUrl: string,
    private readonly handlers: ReadonlyMap<string, JobHandler>,
    private readonly repeated: readonly RepeatedJob[],
  ) {
    this.pool = new pg.Pool({
      connectionString: databaseUrl,
      // One for each job's bookkeeping, one to listen for new jobs, one for the heartbeat.
      max: CONCURRENT_JOBS + 2,
      application_name: 'henkin-jobs',
      connectionTimeoutMillis: STATEMENT_TIMEOUT_MS,
      statement_timeout: STATEMENT_TIMEOUT_MS,
      query_timeout: STATEMENT_TIMEOUT_MS + 2_000,
      keepAlive: true,
    });
    const lost = (error: Error) => this.logger.warn(`connection lost: ${error.message}`);
    this.pool.on('error', lost);
    this.pool.on('connect', (client) => client.on('error', lost));
    this.heartbeat = new WorkerHeartbeat(this.pool, this.logger);
  }

  get running(): boolean {
    return this.runner !== null;
  }

  async start(): Promise<void> {
    if (this.running) return;
    this.heartbeat.start();
    await this.startRunner();
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.runner?.stop();
    await this.runner?.promise.catch(() => undefined);
    this.runner = null;
    await this.heartbeat.stop();
    await this.pool.end();
  }

  private async startRunner(): Promise<void> {
    const events: WorkerEvents = new EventEmitter();
    // This id, not that of its single workers, is what the queue notes as the holder of a job.
    events.on('pool:create', ({ workerPool }) => this.heartbeat.beatFor(workerPool.id));
    const runner = await run({
      events,
      pgPool: this.pool,
      taskList: this.tasks(),
      parsedCronItems: parseCronItems(
        this.repeated.map(({ name, crontab }) => ({ task: name, match: crontab, options: { backfillPeriod: 0 } })),
      ),
      concurrency: CONCURRENT_JOBS,
      pollInterval: POLL_MS,
      noHandleSignals: true,
      logger: workerLogger(this.logger),
      preset: {
        worker: {
          gracefulShutdownAbortTimeout: FINISH_CHUNK_MS,
          // As batches, these are tried again when PostgreSQL is gone, and else end the runner instead of the process.
          completeJobBatchDelay: 0,
          failJobBatchDelay: 0,
        },
      },
    });
    this.runner = runner;
    if (this.stopping.signal.aborted) await runner.stop();
    void runner.promise.then(
      () => this.startAgain('it ended'),
      (error: unknown) => this.startAgain(error instanceof Error ? error.message : String(error)),
    );
  }

  /** The queue gives up when PostgreSQL goes away in the middle of its bookkeeping; without this, nobody would work any more. */
  private async startAgain(reason: string): Promise<void> {
    this.runner = null;
    if (this.stopping.signal.aborted) return;
    this.logger.error(`working on jobs was interrupted and is taken up again: ${reason}`);
    await pause(RESTART_AFTER_MS);
    if (this.stopping.signal.aborted) return;
    await this.startRunner().catch((error: Error) => this.startAgain(error.message));
  }

  private tasks(): TaskList {
    return Object.fromEntries(
      [...this.handlers].map(([name, handler]) => [name, (payload: unknown) => this.work(handler, payload)]),
    );
  }

  /** While PostgreSQL is away the job is tried again here: the queue would wait longer after each time, up to hours. */
  private async work(handler: JobHandler, payload: unknown): Promise<void> {
    for (;;) {
      try {
        return await handler(payload, this.stopping.signal);
      } catch (error) {
        if (this.stopping.signal.aborted || !isUnavailable(error)) throw error;
        await pause(TRY_AGAIN_AFTER_MS);
      }
    }
  }
}
