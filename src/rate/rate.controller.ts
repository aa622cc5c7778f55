import { Body, Controller, Get, HttpCode, Param, ParseUUIDPipe, Post, Query, Req } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { Context } from '../identity/context.decorator.js';
import type { RequestContext } from '../platform/http/request-context.js';
import { Idempotent } from '../platform/idempotency/idempotent.decorator.js';
import { PageQuery } from '../platform/pagination/page.js';
import { EvidenceService } from './evidence.service.js';
import { ProposeRateDto } from './rate.dto.js';
import { RateService } from './rate.service.js';
import { AddedEvidenceView, ProposedRateView, RateDetailView, RatePage } from './rate.views.js';

@ApiTags('rate')
@Controller('v1/rates')
export class RateController {
  constructor(
    private readonly rates: RateService,
    private readonly evidence: EvidenceService,
  ) {}

  @Post()
  @Idempotent()
  @ApiOperation({ summary: 'Propose the price per XEM; another person approves it' })
  @ApiCreatedResponse({ type: ProposedRateView })
  propose(@Context() context: RequestContext, @Body() proposal: ProposeRateDto) {
    return this.rates.propose(context, proposal);
  }

  @Post(':id/submit')
  @HttpCode(200)
  @Idempotent()
  @ApiOperation({ summary: 'Ask again for a rate that lapsed because nobody decided in time; its evidence stays' })
  @ApiOkResponse({ type: ProposedRateView })
  submit(@Context() context: RequestContext, @Param('id', ParseUUIDPipe) id: string) {
    return this.rates.submit(context, id);
  }

  @Post(':id/evidence')
  @ApiOperation({ summary: 'Add market data to a proposed rate; checkers are asked anew' })
  @ApiConsumes('multipart/form-data')
  @ApiBody({
    description:
      'First the field kind, then one CSV: time,price,quantity (trades) or date,open,high,low,close (ohlc, epoch milliseconds), at most 64 MiB.',
    schema: {
      type: 'object',
      required: ['kind', 'file'],
      properties: { kind: { enum: ['trades', 'ohlc'] }, file: { type: 'string', format: 'binary' } },
    },
  })
  @ApiCreatedResponse({ type: AddedEvidenceView })
  addEvidence(
    @Context() context: RequestContext,
    @Param('id', ParseUUIDPipe) id: string,
    @Req() request: FastifyRequest,
  ) {
    return this.evidence.add(context, id, request);
  }

  @Get()
  @ApiOperation({ summary: 'Rates, newest first' })
  @ApiOkResponse({ type: RatePage })
  list(@Query() query: PageQuery) {
    return this.rates.list(query);
  }

  @Get(':id')
  @ApiOperation({ summary: 'One rate: what it comes to, for whom under each rounding rule, and the evidence' })
  @ApiOkResponse({ type: RateDetailView })
  show(@Param('id', ParseUUIDPipe) id: string) {
    return this.rates.show(id);
  }
}
