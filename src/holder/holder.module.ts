import { Module } from '@nestjs/common';
import { ApprovalModule } from '../approval/approval.module.js';
import { Holders } from './holders.js';
import { RepresentativeController } from './representative.controller.js';
import { RepresentativeService } from './representative.service.js';
import { Representatives } from './representatives.js';

@Module({
  imports: [ApprovalModule],
  controllers: [RepresentativeController],
  providers: [Holders, Representatives, RepresentativeService],
  exports: [Holders, Representatives],
})
export class HolderModule {}
