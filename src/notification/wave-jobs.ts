import { Injectable } from '@nestjs/common';
import { Jobs } from '../platform/jobs/jobs.js';
import type { Tx } from '../platform/database/database.js';
import { findIdleWaves } from './sql/find-idle-waves.sql.js';

export const WAVE_JOB = 'mail-wave';
const KEY_PREFIX = 'mail-wave:';

/** The one job that each wave under way has. */
@Injectable()
export class WaveJobs {
  constructor(private readonly jobs: Jobs) {}

  /** Visible to workers with the commit of `tx`. */
  add(tx: Tx, id: bigint, runAt?: Date): Promise<void> {
    const options = { jobKey: KEY_PREFIX + id, ...(runAt ? { runAt } : {}) };
    return this.jobs.add(tx, WAVE_JOB, { waveId: id.toString() }, options);
  }

  /** Gives a job to each wave that should have one and has none. */
  async addMissing(tx: Tx): Promise<void> {
    for (const { id, startsAt } of await findIdleWaves(tx, KEY_PREFIX)) await this.add(tx, id, startsAt);
  }
}
