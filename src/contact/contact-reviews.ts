import { Injectable, type OnModuleInit } from '@nestjs/common';
import { systemActor } from '../audit/audit.js';
import { Clock } from '../platform/clock/clock.js';
import { jstDate } from '../platform/clock/jst.js';
import { Database, type Tx } from '../platform/database/database.js';
import { Jobs } from '../platform/jobs/jobs.js';
import { findChangesToReview, type ChangeToReview } from './sql/find-changes-to-review.sql.js';
import { findSharedDevices } from './sql/find-shared-devices.sql.js';
import { WorkItems } from './work-items.js';

const JOB = 'contact-reviews';
const BY = systemActor(JOB);
/**
 * A person on the phone changes a contact every few minutes: so many customers in an hour are not calls, and a file with
 * so many is worth a look. A family has not five members whose sign-ins change at once.
 */
const BURSTS = { changes: 20, signIns: 5 };
const AT_A_TIME = 500;

/**
 * Has somebody look at every changed contact, at one that two customers share, at a device that they share, and at
 * whatever changes many at once. The claim of a changed contact is held by the database already; the customer is told nothing of a review.
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
      const dueOn = jstDate(this.clock.now());
      for (const change of await findChangesToReview(tx, BURSTS, AT_A_TIME)) await this.askAbout(tx, change, dueOn);
      for (const { id, holderId, otherCustomerNo } of await findSharedDevices(tx, AT_A_TIME))
        await this.items.open(tx, BY, {
          kind: 'shared_device',
          holderId,
          subjectType: 'customer',
          subjectId: otherCustomerNo,
          dedupeKey: `customer_device:${id}`,
          dueOn,
        });
    });
  }

  private async askAbout(tx: Tx, { id, holderId, shared, burstFrom }: ChangeToReview, dueOn: string): Promise<void> {
    const subjectId = id.toString();
    await this.items.open(tx, BY, {
      kind: 'contact_changed',
      holderId,
      subjectType: 'contact_change',
      subjectId,
      dueOn,
    });
    if (shared)
      await this.items.open(tx, BY, {
        kind: 'shared_contact',
        holderId,
        subjectType: 'holder',
        subjectId: holderId.toString(),
        dueOn,
      });
    const [subjectType, by] = burstFrom?.split(':') ?? [];
    if (subjectType && by)
      await this.items.open(tx, BY, { kind: 'contact_burst', holderId: null, subjectType, subjectId: by, dueOn });
  }
}
