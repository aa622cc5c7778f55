import { Module } from '@nestjs/common';
import { ApprovalModule } from '../approval/approval.module.js';
import { ImportService } from './import.service.js';
import { RawRetention } from './raw-retention.js';
import { RawUpload } from './raw-upload.js';
import { SealRules } from './seal.rules.js';
import { SnapshotController } from './snapshot.controller.js';
import { SnapshotRepository } from './snapshot.repository.js';
import { SnapshotService } from './snapshot.service.js';
import { SnapshotSealSubject } from './snapshot.subject.js';
import { UploadService } from './upload.service.js';

@Module({
  imports: [ApprovalModule],
  controllers: [SnapshotController],
  providers: [
    ImportService,
    RawRetention,
    RawUpload,
    SealRules,
    SnapshotRepository,
    SnapshotSealSubject,
    SnapshotService,
    UploadService,
  ],
})
export class SnapshotModule {}
