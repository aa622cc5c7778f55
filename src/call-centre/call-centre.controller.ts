import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiQuery, ApiTags } from '@nestjs/swagger';
import { Context } from '../identity/context.decorator.js';
import type { RequestContext } from '../platform/http/request-context.js';
import { CallCentreService } from './call-centre.service.js';
import { ShownHolderView } from './call-centre.views.js';
import { RevealDto, RevealedView } from './reveal.dto.js';
import { Reveals } from './reveal.service.js';
import { SearchTextPipe } from './search-text.pipe.js';
import { HolderSearch } from './search.service.js';
import { HolderSearchView } from './search.views.js';

@ApiTags('call centre')
@Controller('v1/holders')
export class CallCentreController {
  constructor(
    private readonly callCentre: CallCentreService,
    private readonly holders: HolderSearch,
    private readonly reveals: Reveals,
  ) {}

  @Get('search')
  @ApiOperation({
    summary:
      'Find a holder by whatever the caller says: number, mail, phone, name or reading, with four digits to narrow',
  })
  @ApiQuery({
    name: 'q',
    type: String,
    example: 'satou makoto 5678',
    description:
      'Customer number, claim number, mail address, phone number, or a name in any script; beside a name the last four digits of the phone or the birthday (0412).',
  })
  @ApiOkResponse({ type: HolderSearchView })
  search(@Context() { actor }: RequestContext, @Query(SearchTextPipe) q: string) {
    return this.holders.search(actor, q);
  }

  @Post(':customerNo/reveal')
  @HttpCode(200)
  @ApiOperation({ summary: 'See personal fields in the clear: with reason and reference, on record, 60 an hour' })
  @ApiOkResponse({ type: RevealedView })
  reveal(@Context() context: RequestContext, @Param('customerNo') customerNo: string, @Body() asked: RevealDto) {
    return this.reveals.reveal(context, customerNo, asked);
  }

  @Get(':customerNo')
  @ApiOperation({
    summary:
      'Everything for the call: the person masked, claims with calculation, why they are not credited, what you may do',
  })
  @ApiOkResponse({ type: ShownHolderView })
  show(@Context() { actor }: RequestContext, @Param('customerNo') customerNo: string) {
    return this.callCentre.show(actor, customerNo);
  }
}
