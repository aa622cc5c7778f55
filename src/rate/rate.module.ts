import { Module } from '@nestjs/common';
import { ApprovalModule } from '../approval/approval.module.js';
import { EvidenceService } from './evidence.service.js';
import { RateController } from './rate.controller.js';
import { RateRepository } from './rate.repository.js';
import { RateService } from './rate.service.js';
import { RateSubject } from './rate.subject.js';
import { Rates } from './rates.js';

@Module({
  imports: [ApprovalModule],
  controllers: [RateController],
  providers: [EvidenceService, RateRepository, RateService, RateSubject, Rates],
  exports: [Rates],
})
export class RateModule {}
