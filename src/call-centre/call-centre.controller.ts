import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Context } from '../identity/context.decorator.js';
import type { RequestContext } from '../platform/http/request-context.js';
import { HolderSearchQuery } from './call-centre.dto.js';
import { CallCentreService } from './call-centre.service.js';
import { HolderView } from './call-centre.views.js';
import { HolderSearch } from './search.service.js';
import { HolderSearchView } from './search.views.js';

@ApiTags('call centre')
@Controller('v1/holders')
export class CallCentreController {
  constructor(
    private readonly callCentre: CallCentreService,
    private readonly holders: HolderSearch,
  ) {}

  @Get('search')
  @ApiOperation({
    summary:
      'Find a holder by whatever the caller says: number, mail, phone, name or reading, with four digits to narrow',
  })
  @ApiOkResponse({ type: HolderSearchView })
  search(@Context() { actor }: RequestContext, @Query() { q }: HolderSearchQuery) {
    return this.holders.search(actor, q);
  }

  @Get(':customerNo')
  @ApiOperation({
    summary:
      'Everything for the call: the person masked, claims with calculation, why they are not credited, what you may do',
  })
  @ApiOkResponse({ type: HolderView })
  show(@Context() { actor }: RequestContext, @Param('customerNo') customerNo: string) {
    return this.callCentre.show(actor, customerNo);
  }
}
