import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Audit, systemActor } from '../audit/audit.js';
import { Clock } from '../platform/clock/clock.js';
import { Config } from '../platform/config/config.js';
import { Database } from '../platform/database/database.js';
import { Jobs } from '../platform/jobs/jobs.js';
import { SnapshotRepository } from './snapshot.repository.js';

const JOB = 'destroy-raw-uploads';
const DAY_MS = 24 * 60 * 60 * 1000;

/** Destroys uploads that were kept for long enough: they hold more about people than anyone needs. Their hashes stay. */
@Injectable()
export class RawRetention implements OnModuleInit {
  constructor(
    private readonly database: Database,
    private readonly snapshots: SnapshotRepository,
    private readonly audit: Audit,
    private readonly jobs: Jobs,
    private readonly clock: Clock,
    private readonly config: Config,
  ) {}

  onModuleInit(): void {
    this.jobs.every(JOB, '17 * * * *', (signal) => this.destroyOld(signal));
  }

  /** Each upload in a transaction of its own; stops between two when the process is to stop. */
  async destroyOld(signal: AbortSignal): Promise<void> {
    const now = this.clock.now();
    const before = new Date(now.getTime() - this.config.rawUploadRetentionDays * DAY_MS);
    const ids = await this.database.transaction((tx) => this.snapshots.listWithRawBefore(tx, before));
    for (const id of ids) {
      if (signal.aborted) return;
      await this.database.transaction(async (tx) => {
        const pieces = await this.snapshots.destroyRaw(tx, id, now);
        await this.audit.record(tx, systemActor(JOB), {
          action: 'snapshot.raw_destroyed',
          subjectType: 'snapshot',
          subjectId: id,
          after: { pieces, keptDays: this.config.rawUploadRetentionDays },
        });
      });
    }
  }
}
