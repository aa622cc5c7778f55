import { Injectable } from '@nestjs/common';
import { Jobs } from '../platform/jobs/jobs.js';
import type { Tx } from '../platform/database/database.js';
import { findIdleBatches } from './sql/find-idle-batches.sql.js';

export const EXECUTE_JOB = 'credit-batch-execute';
const KEY_PREFIX = 'credit-batch:';

/** The one job that each batch under way has. */
@Injectable()
export class CreditBatchJobs {
  constructor(private readonly jobs: Jobs) {}

  /** Visible to workers with the commit of `tx`. A worker that is at it already finds the batch locked and takes turns. */
  add(tx: Tx, id: bigint, runAt?: Date): Promise<void> {
    return this.jobs.add(
      tx,
      EXECUTE_JOB,
      { batchId: id.toString() },
      { jobKey: KEY_PREFIX + id, ...(runAt ? { runAt } : {}) },
    );
  }

  /** Gives a job to each batch that should have one and has none. */
  async addMissing(tx: Tx): Promise<void> {
    for (const { id, notBefore } of await findIdleBatches(tx, KEY_PREFIX)) await this.add(tx, id, notBefore);
  }
}
