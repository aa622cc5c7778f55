import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { HolderSearchQuery } from './call-centre.dto.js';
import { CallCentreService } from './call-centre.service.js';
import { HolderSearchView, HolderView } from './call-centre.views.js';

@ApiTags('call centre')
@Controller('v1/holders')
export class CallCentreController {
  constructor(private readonly callCentre: CallCentreService) {}

  @Get('search')
  @ApiOperation({ summary: 'Find a holder by customer number or claim number' })
  @ApiOkResponse({ type: HolderSearchView })
  search(@Query() { q }: HolderSearchQuery) {
    return this.callCentre.search(q);
  }

  @Get(':customerNo')
  @ApiOperation({ summary: 'One holder, masked, with claims, batch and withdrawal restriction' })
  @ApiOkResponse({ type: HolderView })
  show(@Param('customerNo') customerNo: string) {
    return this.callCentre.show(customerNo);
  }
}
