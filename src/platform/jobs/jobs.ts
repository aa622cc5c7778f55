import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { Config } from '../config/config.js';
import type { Tx } from '../database/database.js';
import { JobWorker, type JobHandler, type RepeatedJob } from './job-worker.js';

export interface AddOptions {
  /** At most one waiting job per key; adding again replaces it. */
  readonly jobKey?: string;
  readonly runAt?: Date;
}

/**
 * Work that is done later, kept in PostgreSQL: a job is added in the transaction that makes it necessary. A job that
 * fails, or whose process dies, is run again, so every handler bears being run twice.
 */
@Injectable()
export class Jobs implements OnModuleDestroy {
  private readonly handlers = new Map<string, JobHandler>();
  private readonly repeated: RepeatedJob[] = [];
  private worker: JobWorker | null = null;

  constructor(private readonly config: Config) {}

  /**
   * Declares what a job does; called while the modules start. The signal is aborted when the process is to stop:
   * the handler finishes its chunk, adds its job again and returns.
   */
  register(name: string, handler: JobHandler): void {
    if (this.handlers.has(name)) throw new Error(`job ${name} is registered twice`);
    this.handlers.set(name, handler);
  }

  /** Declares work that is repeated by the clock, in UTC, by one process at a time; a run that was missed is left out. */
  every(name: string, crontab: string, handler: (signal: AbortSignal) => Promise<void>): void {
    this.register(name, (_payload, signal) => handler(signal));
    this.repeated.push({ name, crontab });
  }

  /** Adds a job that becomes visible with the commit of `tx`, and never if it rolls back. */
  async add(tx: Tx, name: string, payload: object, options: AddOptions = {}): Promise<void> {
    await tx.$queryRaw`
      SELECT FROM graphile_worker.add_job(
        identifier => ${name}, payload => ${JSON.stringify(payload)}::json,
        run_at => ${options.runAt ?? null}::timestamptz, job_key => ${options.jobKey ?? null}::text)`;
  }

  /** Starts working; called once, when every module has registered its jobs. */
  async start(): Promise<void> {
    this.worker ??= new JobWorker(this.config.databaseUrl, this.handlers, this.repeated);
    await this.worker.start();
  }

  /** Is this process working on jobs now? */
  get running(): boolean {
    return this.worker?.running ?? false;
  }

  /** Running jobs finish their chunk; then nothing of this process is left in the queue. */
  async stop(): Promise<void> {
    await this.worker?.stop();
    this.worker = null;
  }

  onModuleDestroy(): Promise<void> {
    return this.stop();
  }
}
