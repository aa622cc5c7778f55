import { Module } from '@nestjs/common';
import { ApprovalModule } from '../approval/approval.module.js';
import { HolderModule } from '../holder/holder.module.js';
import { ContactReviews } from './contact-reviews.js';
import { CallerChecks } from './caller-checks.js';
import { Complaints } from './complaints.js';
import { ContactController } from './contact.controller.js';
import { ContactRepository } from './contact.repository.js';
import { Contacts } from './contacts.js';
import { CustomerMessageController } from './customer-message.controller.js';
import { CustomerMessages } from './customer-messages.js';
import { DailyContacts } from './daily-contacts.js';
import { HeldClaims } from './held-claims.js';
import { NoteController } from './note.controller.js';
import { NoteRedactions } from './note-redactions.js';
import { NoteRepository } from './note.repository.js';
import { Notes } from './notes.js';
import { ObjectionController } from './objection.controller.js';
import { Objections } from './objections.js';
import { WorkItemController } from './work-item.controller.js';
import { WorkItemRepository } from './work-item.repository.js';
import { WorkItems } from './work-items.js';
import { WorkQueue } from './work-queue.service.js';

@Module({
  imports: [ApprovalModule, HolderModule],
  controllers: [ContactController, CustomerMessageController, NoteController, ObjectionController, WorkItemController],
  providers: [
    ContactReviews,
    CallerChecks,
    Complaints,
    ContactRepository,
    Contacts,
    CustomerMessages,
    DailyContacts,
    HeldClaims,
    NoteRedactions,
    NoteRepository,
    Notes,
    Objections,
    WorkItemRepository,
    WorkItems,
    WorkQueue,
  ],
  exports: [CustomerMessages, WorkItems],
})
export class ContactModule {}
