import { Module } from '@nestjs/common';
import { ContactChangeController } from './contact-change.controller.js';
import { ContactChanges } from './contact-changes.js';
import { ContactNotices } from './contact-notices.js';
import { Holders } from './holders.js';
import { IdentityChecks } from './identity-checks.js';

@Module({
  controllers: [ContactChangeController],
  providers: [ContactChanges, ContactNotices, Holders, IdentityChecks],
  exports: [ContactChanges, Holders],
})
export class HolderModule {}
