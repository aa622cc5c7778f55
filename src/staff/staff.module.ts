import { Module } from '@nestjs/common';
import { ApprovalModule } from '../approval/approval.module.js';
import { IdentityModule } from '../identity/identity.module.js';
import { AccountController } from './account.controller.js';
import { Accounts } from './accounts.js';
import { FactorResetController } from './factor-reset.controller.js';
import { FactorResets } from './factor-resets.js';

/** What two people decide about accounts of staff; how their owners sign in is the business of identity/. */
@Module({
  imports: [ApprovalModule, IdentityModule],
  controllers: [AccountController, FactorResetController],
  providers: [Accounts, FactorResets],
})
export class StaffModule {}
