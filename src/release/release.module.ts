import { Module } from '@nestjs/common';
import { ApprovalModule } from '../approval/approval.module.js';
import { ReleaseKeyController } from './release-key.controller.js';
import { ReleaseKeyService } from './release-key.service.js';
import { ReleaseKeySubjects } from './release-key.subjects.js';
import { ReleaseRuleController } from './release-rule.controller.js';
import { ReleaseRuleService } from './release-rule.service.js';
import { ReleaseRuleSubject } from './release-rule.subject.js';
import { ReleaseRepository } from './release.repository.js';
import { Releases } from './releases.js';

@Module({
  imports: [ApprovalModule],
  controllers: [ReleaseKeyController, ReleaseRuleController],
  providers: [
    ReleaseRepository,
    Releases,
    ReleaseKeyService,
    ReleaseKeySubjects,
    ReleaseRuleService,
    ReleaseRuleSubject,
  ],
  exports: [Releases],
})
export class ReleaseModule {}
