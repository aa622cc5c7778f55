import { Injectable } from '@nestjs/common';
import { Audit, systemActor } from '../audit/audit.js';
import { Database, type Tx } from '../platform/database/database.js';
import { EXECUTE_JOB } from './credit-batch-jobs.js';
import { CreditBatchRepository } from './credit-batch.repository.js';
import { creditChunk, markSkippedHoldsMet, skipRestOfChunk } from './sql/credit-chunk.sql.js';

/** Small enough to pause and watch, large enough that PostgreSQL and not the way to it is the limit. */
const CHUNK_SIZE = 5_000n;
/** The first of a run: were both lanes' chunks of one length, either could be ready first, and half of the work be undone. */
const FIRST_CHUNK_SIZE = CHUNK_SIZE / 2n;
/** While one chunk is posted and committed, which only one can be at a time, the next is already written on another connection. */
const LANES = 2;
export const CHUNK_LIMITS = { timeoutMs: 60_000 };
export const WORKER = systemActor(EXECUTE_JOB);

/** Something that cannot be, was: the chunk is undone and people are asked. The message is kept as the pause's reason. */
export class ChunkDoesNotAddUp extends Error {}

/**
 * The chunk is undone and nothing is wrong: the one before it is not there yet, somebody else has credited it, or a hold ended
 * between crediting it and skipping what was left. The work goes on from where the batch stands.
 */
class ChunkBeginsAgain extends Error {}

/** What is left of a batch: positions from the next up to and including the last. */
export interface Remainder {
  readonly nextSeq: bigint;
  readonly lastSeq: bigint;
}

const NOTHING_SKIPPED = { skippedCount: 0n, skippedJpy: 0n, creditableCount: 0n };

/**
 * Credits items chunk after chunk, each one transaction. Two are under way at the same time, and are committed in the order of
 * positions all the same: a chunk moves the batch's position on from where it begins, or is undone.
 */
@Injectable()
export class CreditBatchChunks {
  constructor(
    private readonly database: Database,
    private readonly batches: CreditBatchRepository,
    private readonly audit: Audit,
  ) {}

  /** Ends when nothing is left, a chunk was undone, or `signal` says so; by then no chunk is under way any more. */
  async credit(id: bigint, { nextSeq, lastSeq }: Remainder, signal: AbortSignal): Promise<void> {
    let next = nextSeq;
    const undone = new AbortController();
    const stop = AbortSignal.any([signal, undone.signal]);
    const lane = async () => {
      try {
        while (next <= lastSeq && !stop.aborted) {
          const fromSeq = next;
          next += fromSeq === nextSeq ? FIRST_CHUNK_SIZE : CHUNK_SIZE;
          const toSeq = next - 1n;
          await this.database.transaction((tx) => this.creditOne(tx, id, fromSeq, toSeq), CHUNK_LIMITS);
        }
      } catch (error) {
        undone.abort();
        if (!(error instanceof ChunkBeginsAgain)) throw error;
      }
    };
    for (const ended of await Promise.allSettled(Array.from({ length: LANES }, lane))) {
      if (ended.status === 'rejected') throw ended.reason;
    }
  }

  /** The guards over credits lock the batch and look whether it executes, so a pause that comes before them undoes the chunk. */
  private async creditOne(tx: Tx, id: bigint, fromSeq: bigint, toSeq: bigint): Promise<void> {
    const { itemCount, creditedCount, creditedJpy, digest } = await creditChunk(tx, id, fromSeq, toSeq);
    // Comes before any judgement: of a chunk that was credited elsewhere, nothing is found to be credited.
    if (!(await this.batches.moveOn(tx, id, fromSeq, toSeq + 1n))) throw new ChunkBeginsAgain();
    const skipped = creditedCount === itemCount ? NOTHING_SKIPPED : await skipRestOfChunk(tx, id, fromSeq, toSeq);
    const { skippedCount, skippedJpy, creditableCount } = skipped;
    if (creditableCount > 0n) throw new ChunkBeginsAgain();
    if (creditedCount + skippedCount !== itemCount) {
      throw new ChunkDoesNotAddUp(
        `from item ${fromSeq}: ${itemCount} items, ${creditedCount} credited, ${skippedCount} skipped`,
      );
    }
    if (skippedCount > 0n) await markSkippedHoldsMet(tx, id, fromSeq, toSeq);
    await this.audit.record(tx, WORKER, {
      action: 'credit_batch.credited',
      subjectType: 'credit_batch',
      subjectId: id.toString(),
      after: {
        fromSeq: fromSeq.toString(),
        toSeq: toSeq.toString(),
        skippedCount: skippedCount.toString(),
        skippedJpy: skippedJpy.toString(),
      },
      rows: { count: creditedCount, sumJpy: creditedJpy, digest },
    });
  }
}
