import { Module } from '@nestjs/common';
import { ApprovalModule } from '../approval/approval.module.js';
import { FundingRepository } from './funding.repository.js';
import { FundingService } from './funding.service.js';
import { FundingSubject } from './funding.subject.js';
import { LedgerController } from './ledger.controller.js';
import { LedgerMetrics } from './ledger.metrics.js';
import { LedgerService } from './ledger.service.js';
import { Ledger } from './ledger.js';

@Module({
  imports: [ApprovalModule],
  controllers: [LedgerController],
  providers: [FundingRepository, FundingService, FundingSubject, Ledger, LedgerMetrics, LedgerService],
  exports: [Ledger],
})
export class LedgerModule {}
