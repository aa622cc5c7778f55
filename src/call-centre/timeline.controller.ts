import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Context } from '../identity/context.decorator.js';
import type { RequestContext } from '../platform/http/request-context.js';
import { PageQuery } from '../platform/pagination/page.js';
import { TimelinePage } from './timeline.dto.js';
import { Timeline } from './timeline.service.js';

@ApiTags('call centre')
@Controller('v1/holders')
export class TimelineController {
  constructor(private readonly timeline: Timeline) {}

  @Get(':customerNo/timeline')
  @ApiOperation({ summary: 'Everything that happened to a holder, newest first, each with who and when' })
  @ApiOkResponse({ type: TimelinePage })
  read(@Context() context: RequestContext, @Param('customerNo') customerNo: string, @Query() page: PageQuery) {
    return this.timeline.read(context, customerNo, page);
  }
}
