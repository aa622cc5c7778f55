import { Module } from '@nestjs/common';
import { HolderModule } from '../holder/holder.module.js';
import { ContactReviews } from './contact-reviews.js';
import { CustomerMessageController } from './customer-message.controller.js';
import { CustomerMessages } from './customer-messages.js';
import { HeldClaims } from './held-claims.js';
import { ObjectionController } from './objection.controller.js';
import { Objections } from './objections.js';
import { WorkItemController } from './work-item.controller.js';
import { WorkItemRepository } from './work-item.repository.js';
import { WorkItems } from './work-items.js';
import { WorkQueue } from './work-queue.service.js';

@Module({
  imports: [HolderModule],
  controllers: [CustomerMessageController, ObjectionController, WorkItemController],
  providers: [ContactReviews, CustomerMessages, HeldClaims, Objections, WorkItemRepository, WorkItems, WorkQueue],
  exports: [CustomerMessages, Objections, WorkItems],
})
export class ContactModule {}
