import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleInit } from '@nestjs/common';
import { Audit } from '../audit/audit.js';
import { HeadSigner } from '../audit/signing/head-signer.js';
import { Database, type Tx } from '../platform/database/database.js';
import { databaseFault } from '../platform/database/sqlstate.js';
import { Jobs } from '../platform/jobs/jobs.js';
import type { Json } from '../platform/json.js';
import { problemOf } from '../platform/problem/problem.filter.js';
import { CHUNK_LIMITS, ChunkDoesNotAddUp, CreditBatchChunks, WORKER, type Remainder } from './credit-batch-chunks.js';
import { CreditBatchJobs, EXECUTE_JOB } from './credit-batch-jobs.js';
import { CreditBatchRepository, type CreditBatchRow } from './credit-batch.repository.js';
import { KillSwitch, type CreditingObstacle } from './kill-switch.js';
import { lockUnwatchedBatches } from './sql/find-unwatched-batches.sql.js';

const SWEEP_JOB = 'credit-batch-sweep';
const WATCH_BACK_WITHIN_MS = 3_000;

/** One time that a batch executes, from its start or a resumption to its end or a pause. */
interface Run extends Remainder {
  readonly runningSince: Date | null;
}

interface Pause {
  readonly pauseKind: 'alert' | 'unwatched';
  readonly pauseReason: string;
}

/** A pulled switch takes two people per batch to go on; without a watch nothing was wrong, only unseen. */
const PAUSE_BY_OBSTACLE: Readonly<Record<CreditingObstacle, Pause>> = {
  kill_switch_pulled: { pauseKind: 'alert', pauseReason: 'kill_switch_pulled' },
  watch_absent: { pauseKind: 'unwatched', pauseReason: 'watch_absent' },
};

/** Executes approved batches: begins, completes and pauses them. */
@Injectable()
export class CreditBatchExecution implements OnModuleInit, OnApplicationBootstrap {
  private readonly logger = new Logger('CreditBatchExecution');

  constructor(
    private readonly database: Database,
    private readonly batches: CreditBatchRepository,
    private readonly jobs: Jobs,
    private readonly batchJobs: CreditBatchJobs,
    private readonly chunks: CreditBatchChunks,
    private readonly killSwitch: KillSwitch,
    private readonly audit: Audit,
    private readonly heads: HeadSigner,
  ) {}

  onModuleInit(): void {
    this.jobs.register(EXECUTE_JOB, (payload, signal) =>
      this.execute(BigInt((payload as { batchId: string }).batchId), signal),
    );
    this.jobs.every(SWEEP_JOB, '* * * * *', () => this.sweep());
  }

  onApplicationBootstrap(): Promise<void> {
    return this.sweep();
  }

  /** A batch under way never waits for a job that got lost, nor one that was unwatched for a watch that is back. */
  sweep(): Promise<void> {
    return this.database.transaction(async (tx) => {
      for (const id of await lockUnwatchedBatches(tx)) {
        await this.batches.change(tx, id, 'paused', { status: 'executing' });
        await this.record(tx, id, 'resumed', { reason: 'watch_back' });
      }
      if (await this.batches.someAreUnwatched(tx)) await this.sweepSoon(tx);
      await this.batchJobs.addMissing(tx);
    });
  }

  /** A watch that was only slower than the credits is back within seconds. */
  private sweepSoon(tx: Tx): Promise<void> {
    return this.jobs.add(tx, SWEEP_JOB, {}, { jobKey: SWEEP_JOB, runAt: new Date(Date.now() + WATCH_BACK_WITHIN_MS) });
  }

  /**
   * Works on a batch until it is done, paused, or the process is to stop; then the rest is left to another job. May run
   * twice at once: of two chunks from one position the second is undone. What is only unavailable is tried again by the
   * queue; anything unexpected, and a pulled kill switch, pauses the batch for two people to look at.
   */
  async execute(id: bigint, signal: AbortSignal): Promise<void> {
    let run: Run | null = null;
    try {
      if (!(await this.begin(id))) return;
      while ((run = await this.next(id))) {
        if (signal.aborted) return await this.database.transaction((tx) => this.batchJobs.add(tx, id));
        await this.chunks.credit(id, run, signal);
      }
    } catch (error) {
      if (problemOf(error).status === 503) throw error;
      await this.pauseAfter(id, run, error);
    }
  }

  /** Answers whether there is something to credit now. */
  private begin(id: bigint): Promise<boolean> {
    return this.database.transaction(async (tx) => {
      const row = await this.batches.lock(tx, id);
      if (row?.status !== 'approved') return row?.status === 'executing';
      const obstacle = await this.batches.obstacle(tx, id);
      if (obstacle === 'too_early') await this.batchJobs.add(tx, id, row.notBefore);
      // The last signature adds a job; until then there is nothing to do.
      else if (obstacle === 'waiting_for_signatures') return false;
      else if (obstacle !== null) await this.giveBack(tx, row, obstacle);
      else {
        await this.batches.change(tx, id, 'approved', { status: 'executing' });
        await this.record(tx, id, 'started', {
          itemCount: row.itemCount.toString(),
          totalJpy: row.totalJpy.toString(),
        });
        await this.heads.request(tx);
      }
      return obstacle === null;
    }, CHUNK_LIMITS);
  }

  /** What was approved can no longer be done: the claims stay reserved, and the maker submits again. */
  private async giveBack(tx: Tx, row: CreditBatchRow, obstacle: string): Promise<void> {
    await this.batches.change(tx, row.id, 'approved', { status: 'draft' });
    await this.record(tx, row.id, 'approval_lapsed', { reason: obstacle, contentHash: row.contentHash });
  }

  /** What there is to credit; the completion once nothing is left, a pause if nothing may be credited now. */
  private next(id: bigint): Promise<Run | null> {
    return this.database.transaction(async (tx) => {
      const row = await this.batches.lock(tx, id);
      if (row?.status !== 'executing') return null;
      if (row.creditedCount + row.skippedCount === row.itemCount) {
        await this.batches.change(tx, id, 'executing', { status: 'completed' });
        await this.record(tx, id, 'completed', totalsOf(row));
        await this.heads.request(tx);
        return null;
      }
      const obstacle = await this.killSwitch.obstacle(tx);
      if (obstacle !== null) {
        await this.pause(tx, row, PAUSE_BY_OBSTACLE[obstacle]);
        return null;
      }
      const lastSeq = await this.batches.lastSeq(tx, id);
      if (row.nextSeq > lastSeq) throw new ChunkDoesNotAddUp(`after the last item: ${JSON.stringify(totalsOf(row))}`);
      return { nextSeq: row.nextSeq, lastSeq, runningSince: row.runningSince };
    }, CHUNK_LIMITS);
  }

  /**
   * The chunk is undone. Books that do not add up concern every batch: the server pulls the switch as well. What was refused
   * because somebody has paused the run meanwhile is no fault, even if the batch executes again by now.
   */
  private async pauseAfter(id: bigint, run: Run | null, error: unknown): Promise<void> {
    await this.database.transaction(async (tx) => {
      const row = await this.batches.lock(tx, id);
      if (row?.status !== 'executing' || (run && row.runningSince?.getTime() !== run.runningSince?.getTime())) return;
      this.logger.error({ err: error, batchId: id.toString() }, 'a chunk was undone and the batch is paused');
      const pause = pauseFor(error);
      await this.pause(tx, row, pause);
      if (error instanceof ChunkDoesNotAddUp) {
        const reason = `credit batch ${id}: ${pause.pauseReason}`;
        await this.killSwitch.pull(tx, WORKER, { cause: 'server', pulledBy: null, reason });
      }
    });
  }

  private async pause(tx: Tx, row: CreditBatchRow, { pauseKind, pauseReason }: Pause): Promise<void> {
    await this.batches.change(tx, row.id, 'executing', { status: 'paused', pauseKind, pauseReason });
    if (pauseKind === 'unwatched') await this.sweepSoon(tx);
    await this.record(tx, row.id, 'paused', { pauseKind, reason: pauseReason, ...totalsOf(row) });
  }

  private record(tx: Tx, id: bigint, verb: string, after: Json): Promise<void> {
    return this.audit.record(tx, WORKER, {
      action: `credit_batch.${verb}`,
      subjectType: 'credit_batch',
      subjectId: id.toString(),
      after,
    });
  }
}

function totalsOf(row: CreditBatchRow) {
  return {
    creditedCount: row.creditedCount.toString(),
    creditedJpy: row.creditedJpy.toString(),
    skippedCount: row.skippedCount.toString(),
    skippedJpy: row.skippedJpy.toString(),
  };
}

/** Names the rule that said no; messages of other errors may carry rows and stay in the log. */
function pauseFor(error: unknown): Pause {
  const alert = (pauseReason: string): Pause => ({ pauseKind: 'alert', pauseReason });
  if (error instanceof ChunkDoesNotAddUp) return alert(error.message);
  const fault = databaseFault(error);
  if (fault?.constraint === 'crediting_kill_switch_pulled') return PAUSE_BY_OBSTACLE.kill_switch_pulled;
  if (fault?.constraint === 'crediting_watch_absent') return PAUSE_BY_OBSTACLE.watch_absent;
  if (fault) return alert(`refused by the database: ${fault.constraint ?? fault.sqlstate}`);
  return alert(`unexpected error: ${error instanceof Error ? error.name : 'unknown'}`);
}
