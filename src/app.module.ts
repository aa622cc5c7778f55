import { Module, type DynamicModule } from '@nestjs/common';
import { ApprovalModule } from './approval/approval.module.js';
import { AuditModule } from './audit/audit.module.js';
import { IdentityModule } from './identity/identity.module.js';
import { ClaimModule } from './claim/claim.module.js';
import { HolderModule } from './holder/holder.module.js';
import { StaffModule } from './staff/staff.module.js';
import { LedgerModule } from './ledger/ledger.module.js';
import { RateModule } from './rate/rate.module.js';
import { SnapshotModule } from './snapshot/snapshot.module.js';
import { ReleaseModule } from './release/release.module.js';
import { CreditBatchModule } from './credit-batch/credit-batch.module.js';
import { ReconciliationModule } from './reconciliation/reconciliation.module.js';
import { ProofModule } from './proof/proof.module.js';
import { CustomerModule } from './customer/customer.module.js';
import { CallCentreModule } from './call-centre/call-centre.module.js';
import { IncidentModule } from './incident/incident.module.js';
import { ContactModule } from './contact/contact.module.js';
import { NotificationModule } from './notification/notification.module.js';
import { WatchModule } from './watch/watch.module.js';
import { Config } from './platform/config/config.js';
import { PlatformModule } from './platform/platform.module.js';

/** The whole house, left to right. */
@Module({})
export class AppModule {
  static with(config: Config): DynamicModule {
    return {
      module: AppModule,
      imports: [
        PlatformModule.with(config),
        AuditModule,
        IdentityModule,
        ApprovalModule,
        StaffModule,
        LedgerModule,
        HolderModule,
        SnapshotModule,
        RateModule,
        ClaimModule,
        ReleaseModule,
        CreditBatchModule,
        ReconciliationModule,
        ProofModule,
        ContactModule,
        NotificationModule,
        WatchModule,
        CallCentreModule,
        CustomerModule,
        IncidentModule,
      ],
    };
  }
}
