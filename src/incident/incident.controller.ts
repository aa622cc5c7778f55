import { Body, Controller, Get, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Context } from '../identity/context.decorator.js';
import { answerConditionally } from '../platform/http/conditional-answer.js';
import type { RequestContext } from '../platform/http/request-context.js';
import { Idempotent } from '../platform/idempotency/idempotent.decorator.js';
import { PageQuery } from '../platform/pagination/page.js';
import { CorrectFactDto, RecordFactDto, ReleaseFactDto } from './incident.dto.js';
import { IncidentService } from './incident.service.js';
import { FactPage, FactReleaseView, FactView, PublicIncidentView } from './incident.views.js';

@ApiTags('incident')
@Controller('v1/incident')
export class IncidentController {
  constructor(private readonly incident: IncidentService) {}

  @Get()
  @ApiOperation({ summary: 'What happened, what is known, what was promised, and what was corrected' })
  @ApiOkResponse({ type: PublicIncidentView })
  async tell(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    answerConditionally(request, reply, 'public, max-age=10', await this.incident.tell());
  }

  @Get('facts')
  @ApiOperation({ summary: 'All facts with their newest version, internal ones too' })
  @ApiOkResponse({ type: FactPage })
  list(@Query() query: PageQuery) {
    return this.incident.list(query);
  }

  @Get('facts/:key')
  @ApiOperation({ summary: 'One fact with every version and all values on record' })
  @ApiOkResponse({ type: FactView })
  show(@Param('key') key: string) {
    return this.incident.show(key);
  }

  @Post('facts')
  @Idempotent()
  @ApiOperation({ summary: 'Record a fact, an event or a promised day; internal until it is released' })
  @ApiCreatedResponse({ type: FactView })
  record(@Context() context: RequestContext, @Body() fact: RecordFactDto) {
    return this.incident.record(context, fact);
  }

  @Post('facts/:key/versions')
  @Idempotent()
  @ApiOperation({ summary: 'Correct a fact, or say that a promise was done, as a new version' })
  @ApiCreatedResponse({ type: FactView })
  correct(@Context() context: RequestContext, @Param('key') key: string, @Body() correction: CorrectFactDto) {
    return this.incident.correct(context, key, correction);
  }

  @Post('facts/:key/release')
  @HttpCode(200)
  @Idempotent()
  @ApiOperation({ summary: 'Ask a second person to publish the newest version' })
  @ApiOkResponse({ type: FactReleaseView })
  release(@Context() context: RequestContext, @Param('key') key: string, @Body() asked: ReleaseFactDto) {
    return this.incident.release(context, key, asked);
  }
}
