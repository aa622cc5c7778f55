import { Module } from '@nestjs/common';
import { ApprovalModule } from '../approval/approval.module.js';
import { IdentityModule } from '../identity/identity.module.js';
import { AccountChangeController } from './account-change.controller.js';
import { AccountChanges } from './account-changes.js';
import { AccountController } from './account.controller.js';
import { Accounts } from './accounts.js';
import { FactorResetController } from './factor-reset.controller.js';
import { FactorResets } from './factor-resets.js';
import { StaffChangeSubject } from './staff-change.subject.js';

/** What two people decide about accounts of staff; how their owners sign in is the business of identity/. */
@Module({
  imports: [ApprovalModule, IdentityModule],
  controllers: [AccountController, AccountChangeController, FactorResetController],
  providers: [Accounts, AccountChanges, FactorResets, StaffChangeSubject],
})
export class StaffModule {}
