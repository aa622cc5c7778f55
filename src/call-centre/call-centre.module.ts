import { Module } from '@nestjs/common';
import { HolderModule } from '../holder/holder.module.js';
import { CallCentreController } from './call-centre.controller.js';
import { CallCentreRepository } from './call-centre.repository.js';
import { Reveals } from './reveal.service.js';
import { HolderSearch } from './search.service.js';
import { CallCentreService } from './call-centre.service.js';
import { TimelineController } from './timeline.controller.js';
import { Timeline } from './timeline.service.js';

@Module({
  imports: [HolderModule],
  controllers: [CallCentreController, TimelineController],
  providers: [CallCentreRepository, CallCentreService, HolderSearch, Reveals, Timeline],
})
export class CallCentreModule {}
