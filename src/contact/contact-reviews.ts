import { Injectable, type OnModuleInit } from '@nestjs/common';
import { systemActor } from '../audit/audit.js';
import { Clock } from '../platform/clock/clock.js';
import { jstDate } from '../platform/clock/jst.js';
import { Database } from '../platform/database/database.js';
import { Jobs } from '../platform/jobs/jobs.js';
import { findChangesToReview } from './sql/find-changes-to-review.sql.js';
import { WorkItems } from './work-items.js';

const JOB = 'contact-reviews';
/** A person on the phone changes a contact every few minutes; so many customers in an hour are not calls. */
const BURST = 20;
const AT_A_TIME = 500;

/**
 * Has somebody look at every changed contact, at one that two customers share, and at whoever changes many at once. The
 * claim is held by the database already; the customer is told nothing of a review.
 */
@Injectable()
export class ContactReviews implements OnModuleInit {
  constructor(
    private readonly database: Database,
    private readonly items: WorkItems,
    private readonly jobs: Jobs,
    private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.jobs.every(JOB, '* * * * *', () => this.review());
  }

  review(): Promise<void> {
    return this.database.transaction(async (tx) => {
      const [by, dueOn] = [systemActor(JOB), jstDate(this.clock.now())];
      for (const { id, holderId, shared, burstBy } of await findChangesToReview(tx, BURST, AT_A_TIME)) {
        const holder = holderId.toString();
        await this.items.open(tx, by, {
          kind: 'contact_changed',
          holderId,
          subjectType: 'contact_change',
          subjectId: id.toString(),
          dueOn,
        });
        if (shared)
          await this.items.open(tx, by, {
            kind: 'shared_contact',
            holderId,
            subjectType: 'holder',
            subjectId: holder,
            dueOn,
          });
        if (burstBy)
          await this.items.open(tx, by, {
            kind: 'contact_burst',
            holderId: null,
            subjectType: 'staff',
            subjectId: burstBy,
            dueOn,
          });
      }
    });
  }
}
