import { Module } from '@nestjs/common';
import { ApprovalModule } from '../approval/approval.module.js';
import { FactReleaseSubject } from './fact-release.subject.js';
import { IncidentController } from './incident.controller.js';
import { IncidentRepository } from './incident.repository.js';
import { IncidentService } from './incident.service.js';

@Module({
  imports: [ApprovalModule],
  controllers: [IncidentController],
  providers: [FactReleaseSubject, IncidentRepository, IncidentService],
})
export class IncidentModule {}
