import { Controller, Get } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Context } from '../../identity/context.decorator.js';
import type { RequestContext } from '../../platform/http/request-context.js';
import { CallCentreFigures } from './figures.service.js';
import { CallCentreFiguresView } from './figures.views.js';

@ApiTags('call centre')
@Controller('v1/call-centre/figures')
export class FiguresController {
  constructor(private readonly figures: CallCentreFigures) {}

  @Get()
  @ApiOperation({
    summary: 'How the day goes: calls and notes by topic, claims by state, holds, the work queue and its age',
  })
  @ApiOkResponse({ type: CallCentreFiguresView })
  show(@Context() { actor }: RequestContext) {
    return this.figures.show(actor);
  }
}
