import { Module } from '@nestjs/common';
import { ApprovalController } from './approval.controller.js';
import { ApprovalRepository } from './approval.repository.js';
import { ApprovalService } from './approval.service.js';
import { Approvals } from './approvals.js';

@Module({
  controllers: [ApprovalController],
  providers: [ApprovalRepository, ApprovalService, Approvals],
  exports: [Approvals],
})
export class ApprovalModule {}
