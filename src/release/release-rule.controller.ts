import { Body, Controller, Get, Header, HttpCode, Param, ParseUUIDPipe, Post, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import { Context } from '../identity/context.decorator.js';
import type { RequestContext } from '../platform/http/request-context.js';
import { Idempotent } from '../platform/idempotency/idempotent.decorator.js';
import { PageQuery } from '../platform/pagination/page.js';
import { ReleaseRuleService } from './release-rule.service.js';
import { ProposeReleaseRuleDto, SignReleaseDto } from './release.dto.js';
import {
  ProposedReleaseRuleView,
  ReleaseRuleDetailView,
  ReleaseRulePage,
  ReleaseView,
  STATEMENT_SCHEMA,
} from './release.views.js';

@ApiTags('release')
@Controller('v1/release-rules')
export class ReleaseRuleController {
  constructor(private readonly rules: ReleaseRuleService) {}

  @Get()
  @ApiOperation({ summary: 'How many keys must sign, and how long new ones wait: present, former and proposed' })
  @ApiOkResponse({ type: ReleaseRulePage })
  list(@Query() query: PageQuery) {
    return this.rules.list(query);
  }

  @Get(':id')
  @ApiOperation({ summary: 'One rule; of a weaker one also its statement and signatures' })
  @ApiOkResponse({ type: ReleaseRuleDetailView })
  show(@Param('id', ParseUUIDPipe) id: string) {
    return this.rules.show(id);
  }

  @Get(':id/statement.json')
  @Header('Content-Type', 'application/json; charset=utf-8')
  @Header('Content-Disposition', 'attachment; filename="statement.json"')
  @ApiOperation({ summary: 'The statement about a weaker rule, exactly as it is signed' })
  @ApiProduces('application/json')
  @ApiOkResponse({ schema: STATEMENT_SCHEMA })
  statement(@Param('id', ParseUUIDPipe) id: string) {
    return this.rules.statement(id);
  }

  @Post()
  @Idempotent()
  @ApiOperation({ summary: 'Propose another rule; a weaker one also needs the signatures of the present one' })
  @ApiCreatedResponse({ type: ProposedReleaseRuleView })
  propose(@Context() context: RequestContext, @Body() rule: ProposeReleaseRuleDto) {
    return this.rules.propose(context, rule);
  }

  @Post(':id/signatures')
  @HttpCode(200)
  @Idempotent()
  @ApiOperation({ summary: 'Hand in a signature over the statement about a weaker rule' })
  @ApiOkResponse({ type: ReleaseView })
  sign(@Context() context: RequestContext, @Param('id', ParseUUIDPipe) id: string, @Body() signed: SignReleaseDto) {
    return this.rules.sign(context, id, signed);
  }
}
