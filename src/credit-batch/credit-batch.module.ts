import { Module } from '@nestjs/common';
import { ApprovalModule } from '../approval/approval.module.js';
import { ReleaseModule } from '../release/release.module.js';
import { CreditBatchEvents } from './credit-batch-events.js';
import { CreditBatchChunks } from './credit-batch-chunks.js';
import { CreditBatchExecution } from './credit-batch-execution.js';
import { CreditBatchItemsCsv } from './credit-batch-items-csv.js';
import { CreditBatchJobs } from './credit-batch-jobs.js';
import { CreditBatchPreviews } from './credit-batch-previews.js';
import { CreditBatchReleaseController } from './credit-batch-release.controller.js';
import { CreditBatchReleases } from './credit-batch-releases.js';
import { CreditBatchController } from './credit-batch.controller.js';
import { CreditBatchMetrics } from './credit-batch.metrics.js';
import { CreditBatchRepository } from './credit-batch.repository.js';
import { CreditBatchService } from './credit-batch.service.js';
import { CreditBatchSubjects } from './credit-batch.subjects.js';
import { KillSwitchController } from './kill-switch.controller.js';
import { KillSwitchService } from './kill-switch.service.js';
import { KillSwitch } from './kill-switch.js';

@Module({
  imports: [ApprovalModule, ReleaseModule],
  controllers: [CreditBatchController, CreditBatchReleaseController, KillSwitchController],
  providers: [
    CreditBatchRepository,
    CreditBatchService,
    CreditBatchSubjects,
    CreditBatchPreviews,
    CreditBatchReleases,
    CreditBatchItemsCsv,
    CreditBatchEvents,
    CreditBatchJobs,
    CreditBatchChunks,
    CreditBatchExecution,
    CreditBatchMetrics,
    KillSwitch,
    KillSwitchService,
  ],
})
export class CreditBatchModule {}
