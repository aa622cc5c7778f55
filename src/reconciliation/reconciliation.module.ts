import { Module } from '@nestjs/common';
import { LedgerModule } from '../ledger/ledger.module.js';
import { RateModule } from '../rate/rate.module.js';
import { AuditVerificationController } from './audited/audit-verification.controller.js';
import { AuditVerificationService } from './audited/audit-verification.service.js';
import { ReconciliationController } from './reconciliation.controller.js';
import { ReconciliationService } from './reconciliation.service.js';

@Module({
  imports: [LedgerModule, RateModule],
  controllers: [ReconciliationController, AuditVerificationController],
  providers: [ReconciliationService, AuditVerificationService],
  exports: [ReconciliationService],
})
export class ReconciliationModule {}
