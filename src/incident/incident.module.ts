import { Module } from '@nestjs/common';
import { ApprovalModule } from '../approval/approval.module.js';
import { FactReleaseSubject } from './fact-release.subject.js';
import { IncidentController } from './incident.controller.js';
import { IncidentRepository } from './incident.repository.js';
import { IncidentService } from './incident.service.js';
import { ProgressController } from './progress.controller.js';
import { ProgressReleaseSubject } from './progress-release.subject.js';
import { ProgressRepository } from './progress.repository.js';
import { ProgressService } from './progress.service.js';

@Module({
  imports: [ApprovalModule],
  controllers: [IncidentController, ProgressController],
  providers: [
    FactReleaseSubject,
    IncidentRepository,
    IncidentService,
    ProgressReleaseSubject,
    ProgressRepository,
    ProgressService,
  ],
})
export class IncidentModule {}
