import { Module } from '@nestjs/common';
import { ApprovalModule } from '../approval/approval.module.js';
import { ContactModule } from '../contact/contact.module.js';
import { ReconciliationModule } from '../reconciliation/reconciliation.module.js';
import { CampaignController } from './campaign.controller.js';
import { CampaignPreviews } from './campaign-previews.js';
import { CampaignRepository } from './campaign.repository.js';
import { CampaignService } from './campaign.service.js';
import { CampaignSubject } from './campaign.subject.js';
import { MailController } from './mail.controller.js';
import { MailSender } from './mail-sender.js';
import { ReportController } from './report.controller.js';
import { ReportService } from './report.service.js';
import { ResendService } from './resend.service.js';
import { WaveExecution } from './wave-execution.js';
import { WaveJobs } from './wave-jobs.js';
import { WaveRepository } from './wave.repository.js';
import { WaveStart } from './wave-start.js';

@Module({
  imports: [ApprovalModule, ContactModule, ReconciliationModule],
  controllers: [CampaignController, MailController, ReportController],
  providers: [
    CampaignPreviews,
    CampaignRepository,
    CampaignService,
    CampaignSubject,
    MailSender,
    ReportService,
    ResendService,
    WaveExecution,
    WaveJobs,
    WaveRepository,
    WaveStart,
  ],
})
export class NotificationModule {}
