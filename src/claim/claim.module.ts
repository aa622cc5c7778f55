import { Module } from '@nestjs/common';
import { ApprovalModule } from '../approval/approval.module.js';
import { LedgerModule } from '../ledger/ledger.module.js';
import { ApprovalRunController } from './approval-run.controller.js';
import { ApprovalRunService } from './approval-run.service.js';
import { ClaimController } from './claim.controller.js';
import { ClaimRepository } from './claim.repository.js';
import { ClaimService } from './claim.service.js';
import { DecisionService } from './decision.service.js';
import { HoldService } from './hold.service.js';
import { OpeningService } from './opening.service.js';

@Module({
  imports: [ApprovalModule, LedgerModule],
  controllers: [ClaimController, ApprovalRunController],
  providers: [ClaimRepository, ClaimService, OpeningService, DecisionService, HoldService, ApprovalRunService],
  exports: [ClaimRepository],
})
export class ClaimModule {}
