import { Module } from '@nestjs/common';
import { CallCentreController } from './call-centre.controller.js';
import { CallCentreRepository } from './call-centre.repository.js';
import { Reveals } from './reveal.service.js';
import { HolderSearch } from './search.service.js';
import { CallCentreService } from './call-centre.service.js';

@Module({
  controllers: [CallCentreController],
  providers: [CallCentreRepository, CallCentreService, HolderSearch, Reveals],
})
export class CallCentreModule {}
