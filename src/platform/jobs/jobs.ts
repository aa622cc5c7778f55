import { EventEmitter } from 'node:events';
import { Injectable, Logger } from '@nestjs/common';
import { parseCronItems, run, type JobHelpers, type Runner, type TaskList, type WorkerEvents } from 'graphile-worker';
import pg from 'pg';
import { Config } from '../config/config.js';
import type { Tx } from '../database/database.js';
import { WorkerHeartbeat } from './worker-heartbeat.js';
import { workerLogger } from './worker-logger.js';

export type JobHandler = (payload: unknown, signal: AbortSignal) => Promise<void>;

interface AddOptions {
  /** At most one waiting job per key; adding again replaces it. */
  readonly jobKey?: string;
  readonly runAt?: Date;
}

/** Work that is done later, kept in PostgreSQL: a job is added in the transaction that makes it necessary. */
@Injectable()
export class Jobs {
  private readonly logger = new Logger('Jobs');
  private readonly tasks: TaskList = {};
  private readonly crontab: { task: string; match: string }[] = [];
  private readonly stopping = new AbortController();
  private pool: pg.Pool | null = null;
  private runner: Runner | null = null;
  private heartbeat: WorkerHeartbeat | null = null;

  constructor(private readonly config: Config) {}

  /**
   * Declares what a job does; called while the modules start. The signal is aborted when the process is to stop:
   * the handler finishes its chunk, adds its job again and returns.
   */
  register(name: string, handler: JobHandler): void {
    if (this.tasks[name]) throw new Error(`job ${name} is registered twice`);
    this.tasks[name] = (payload: unknown, _helpers: JobHelpers) => handler(payload, this.stopping.signal);
  }

  /** Declares work that is repeated by the clock, in UTC, by one process at a time. */
  every(name: string, crontab: string, handler: (signal: AbortSignal) => Promise<void>): void {
    this.register(name, (_payload, signal) => handler(signal));
    this.crontab.push({ task: name, match: crontab });
  }

  /** Adds a job that becomes visible with the commit of `tx`, and never if it rolls back. */
  async add(tx: Tx, name: string, payload: object, options: AddOptions = {}): Promise<void> {
    await tx.$queryRaw`
      SELECT FROM graphile_worker.add_job(
        identifier => ${name}, payload => ${JSON.stringify(payload)}::json, run_at => ${options.runAt ?? null}::timestamptz,
        job_key => ${options.jobKey ?? null}::text, max_attempts => 25)`;
  }

  /** Starts working, on connections of its own so that jobs and requests do not starve each other. */
  async start(): Promise<void> {
    this.pool = new pg.Pool({ connectionString: this.config.databaseUrl, max: 4, application_name: 'henkin-jobs', connectionTimeoutMillis: 10_000 });
    this.pool.on('error', (error) => this.logger.warn(`job connection lost: ${error.message}`));
    const heartbeat = new WorkerHeartbeat(this.pool, this.logger);
    this.heartbeat = heartbeat;
    heartbeat.start();
    const events: WorkerEvents = new EventEmitter();
    events.on('worker:create', ({ worker }) => heartbeat.add(worker.workerId));
    this.runner = await run({
      events,
      pgPool: this.pool,
      taskList: this.tasks,
      parsedCronItems: parseCronItems(this.crontab.map((item) => ({ ...item, options: { backfillPeriod: 0 } }))),
      concurrency: 2,
      pollInterval: 1_000,
      noHandleSignals: true,
      logger: workerLogger(this.logger),
      preset: { worker: { gracefulShutdownAbortTimeout: 9_000 } },
    });
  }

  /** Is this process working on jobs now? */
  get running(): boolean {
    return this.runner !== null;
  }

  /** Running jobs finish their chunk; then nothing of this process is left in the queue. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.runner?.stop();
    this.runner = null;
    await this.heartbeat?.stop();
    await this.pool?.end();
    this.pool = null;
  }
}
