import { Injectable } from '@nestjs/common';
import { Database } from '../platform/database/database.js';
import type { RequestContext } from '../platform/http/request-context.js';
import type { CloseComplaintDto, RecordComplaintDto } from './contact.dto.js';
import { ComplaintAlreadyRecorded, NoOpenComplaint } from './contact.errors.js';
import type { ContactView } from './contact.views.js';
import { Contacts } from './contacts.js';
import { contactView } from './present-contact.js';
import { WorkItems } from './work-items.js';

/** A contact may be a complaint: answered by a day, until when it is somebody's work, and closed with how it ended. */
@Injectable()
export class Complaints {
  constructor(
    private readonly database: Database,
    private readonly contacts: Contacts,
    private readonly workItems: WorkItems,
  ) {}

  /** Errors: contact_not_found, complaint_already_recorded. */
  record(context: RequestContext, contactId: bigint, { category, dueOn }: RecordComplaintDto): Promise<ContactView> {
    return this.database.transaction(async (tx) => {
      const contact = await this.contacts.seen(tx, context.actor, contactId);
      const written = await tx.$executeRaw`
        INSERT INTO complaint (contact_id, category, due_on, recorded_by)
        VALUES (${contactId}, ${category}::complaint_category, ${dueOn}::date, ${context.actor.id}::uuid)
        ON CONFLICT (contact_id) DO NOTHING`;
      if (written !== 1) throw new ComplaintAlreadyRecorded();
      await this.contacts.record(tx, context, contact, 'complaint.recorded', { category, dueOn });
      // What compliance hears, compliance answers: the queue would show it to others.
      if (!contact.confidential)
        await this.workItems.open(tx, context, {
          kind: 'complaint',
          holderId: contact.holderId,
          subjectType: 'contact',
          subjectId: contactId.toString(),
          dueOn,
        });
      return contactView(await this.contacts.seen(tx, context.actor, contactId));
    });
  }

  /** Errors: contact_not_found, no_open_complaint. */
  close(context: RequestContext, contactId: bigint, { outcome }: CloseComplaintDto): Promise<ContactView> {
    return this.database.transaction(async (tx) => {
      const contact = await this.contacts.seen(tx, context.actor, contactId);
      const { count } = await tx.complaint.updateMany({
        where: { contactId, outcome: null },
        data: { outcome, closedBy: context.actor.id },
      });
      if (count !== 1) throw new NoOpenComplaint();
      await this.contacts.record(tx, context, contact, 'complaint.closed', { outcome });
      await this.workItems.settle(tx, context, 'complaint', `contact:${contactId}`);
      return contactView(await this.contacts.seen(tx, context.actor, contactId));
    });
  }
}
