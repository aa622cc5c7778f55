import { Module } from '@nestjs/common';
import { ApprovalModule } from '../approval/approval.module.js';
import { ContactModule } from '../contact/contact.module.js';
import { HolderModule } from '../holder/holder.module.js';
import { BulkLookUpController } from './bulk-look-up/bulk-look-up.controller.js';
import { BulkLookUps } from './bulk-look-up/bulk-look-up.service.js';
import { CallCentreController } from './call-centre.controller.js';
import { Reveals } from './reveal.service.js';
import { ScriptController } from './scripts/script.controller.js';
import { ScriptReleaseSubject } from './scripts/script-release.subject.js';
import { ScriptRepository } from './scripts/script.repository.js';
import { Scripts } from './scripts/script.service.js';
import { FiguresController } from './figures/figures.controller.js';
import { CallCentreFigures } from './figures/figures.service.js';
import { HolderSearch } from './search.service.js';
import { CallCentreService } from './call-centre.service.js';
import { TimelineController } from './timeline.controller.js';
import { Timeline } from './timeline.service.js';

@Module({
  imports: [ApprovalModule, ContactModule, HolderModule],
  controllers: [BulkLookUpController, CallCentreController, FiguresController, ScriptController, TimelineController],
  providers: [
    BulkLookUps,
    CallCentreFigures,
    CallCentreService,
    HolderSearch,
    Reveals,
    ScriptReleaseSubject,
    ScriptRepository,
    Scripts,
    Timeline,
  ],
})
export class CallCentreModule {}
