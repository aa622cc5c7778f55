import { Module } from '@nestjs/common';
import { ApprovalModule } from '../approval/approval.module.js';
import { ContactChangeController } from './contact-change.controller.js';
import { ContactChanges } from './contact-changes.js';
import { ContactNotices } from './contact-notices.js';
import { HolderUpdateController } from './holder-update.controller.js';
import { HolderUpdates } from './holder-update.service.js';
import { Holders } from './holders.js';
import { IdentityChecks } from './identity-checks.js';
import { RepresentativeController } from './representative.controller.js';
import { RepresentativeService } from './representative.service.js';
import { Representatives } from './representatives.js';

@Module({
  imports: [ApprovalModule],
  controllers: [ContactChangeController, HolderUpdateController, RepresentativeController],
  providers: [
    ContactChanges,
    ContactNotices,
    Holders,
    HolderUpdates,
    IdentityChecks,
    Representatives,
    RepresentativeService,
  ],
  exports: [ContactChanges, Holders, Representatives],
})
export class HolderModule {}
