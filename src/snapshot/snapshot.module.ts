import { Module } from '@nestjs/common';
import { ApprovalModule } from '../approval/approval.module.js';
import { SnapshotImport } from './snapshot-import.js';
import { SnapshotController } from './snapshot.controller.js';
import { SnapshotService } from './snapshot.service.js';

@Module({ imports: [ApprovalModule], controllers: [SnapshotController], providers: [SnapshotService, SnapshotImport] })
export class SnapshotModule {}
