import { Module } from '@nestjs/common';
import { WorkItemController } from './work-item.controller.js';
import { WorkItemRepository } from './work-item.repository.js';
import { WorkItems } from './work-items.js';
import { WorkQueue } from './work-queue.service.js';

@Module({
  controllers: [WorkItemController],
  providers: [WorkItemRepository, WorkItems, WorkQueue],
  exports: [WorkItems],
})
export class ContactModule {}
