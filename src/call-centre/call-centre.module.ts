import { Module } from '@nestjs/common';
import { ContactModule } from '../contact/contact.module.js';
import { HolderModule } from '../holder/holder.module.js';
import { CallCentreController } from './call-centre.controller.js';
import { CallCentreRepository } from './call-centre.repository.js';
import { Reveals } from './reveal.service.js';
import { HolderSearch } from './search.service.js';
import { CallCentreService } from './call-centre.service.js';

@Module({
  imports: [HolderModule, ContactModule],
  controllers: [CallCentreController],
  providers: [CallCentreRepository, CallCentreService, HolderSearch, Reveals],
})
export class CallCentreModule {}
