import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Audit, systemActor } from '../audit/audit.js';
import { Database } from '../platform/database/database.js';
import { Jobs } from '../platform/jobs/jobs.js';
import { openHeldClaims, settleFreedClaims, type ManyItems } from './sql/follow-held-claims.sql.js';

/**
 * Open holds become work: the queue follows them every few minutes, because whoever places one knows nothing of the queue.
 * Confidential holds have their own two people and are no one else's work.
 */
@Injectable()
export class HeldClaims implements OnModuleInit {
  constructor(
    private readonly database: Database,
    private readonly jobs: Jobs,
    private readonly audit: Audit,
  ) {}

  onModuleInit(): void {
    this.jobs.every('work-held-claims', '*/5 * * * *', () => this.follow());
  }

  follow(): Promise<void> {
    return this.database.transaction(async (tx) => {
      const record = async (action: string, { count, digest }: ManyItems) => {
        if (count > 0n)
          await this.audit.record(tx, systemActor('work-held-claims'), {
            action,
            subjectType: 'work_item',
            subjectId: 'held_claims',
            rows: { count, sumJpy: null, digest },
          });
      };
      await record('work_item.done', await settleFreedClaims(tx));
      await record('work_item.opened', await openHeldClaims(tx));
    });
  }
}
