import { Module } from '@nestjs/common';
import { ApprovalModule } from '../approval/approval.module.js';
import { ContactChangeController } from './contact-change.controller.js';
import { ContactChanges } from './contact-changes.js';
import { ContactNotices } from './contact-notices.js';
import { HolderUpdateController } from './holder-update.controller.js';
import { HolderUpdates } from './holder-update.service.js';
import { Holders } from './holders.js';
import { IdentityChecks } from './identity-checks.js';

@Module({
  imports: [ApprovalModule],
  controllers: [ContactChangeController, HolderUpdateController],
  providers: [ContactChanges, ContactNotices, Holders, HolderUpdates, IdentityChecks],
  exports: [ContactChanges, Holders],
})
export class HolderModule {}
