import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Context } from '../identity/context.decorator.js';
import type { RequestContext } from '../platform/http/request-context.js';
import { Idempotent } from '../platform/idempotency/idempotent.decorator.js';
import { ClaimListQuery, DecideClaimDto, PlaceHoldDto, ReleaseHoldDto } from './claim.dto.js';
import { ClaimService } from './claim.service.js';
import { ClaimChangeView, ClaimDetailView, ClaimPage, OpenedClaimsView } from './claim.views.js';
import { DecisionService } from './decision.service.js';
import { HoldService } from './hold.service.js';
import { OpeningService } from './opening.service.js';

@ApiTags('claims')
@Controller('v1/claims')
export class ClaimController {
  constructor(
    private readonly claims: ClaimService,
    private readonly opening: OpeningService,
    private readonly decisions: DecisionService,
    private readonly holds: HoldService,
  ) {}

  @Post('open')
  @HttpCode(200)
  @Idempotent()
  @ApiOperation({ summary: 'Open a claim for every sealed, payable balance that has none' })
  @ApiOkResponse({ type: OpenedClaimsView })
  open(@Context() context: RequestContext) {
    return this.opening.open(context);
  }

  @Get()
  @ApiOperation({ summary: 'Claims, in the order of opening' })
  @ApiOkResponse({ type: ClaimPage })
  list(@Query() query: ClaimListQuery) {
    return this.claims.list(query);
  }

  @Get(':claimNo')
  @ApiOperation({ summary: 'One claim with its decisions; hyphens in the number are fine' })
  @ApiOkResponse({ type: ClaimDetailView })
  show(@Context() context: RequestContext, @Param('claimNo') claimNo: string) {
    return this.claims.show(context, claimNo);
  }

  @Post(':claimNo/decisions')
  @HttpCode(200)
  @Idempotent()
  @ApiOperation({ summary: 'Decide one claim; above 1,000,000 JPY and for reopening a second person is asked' })
  @ApiOkResponse({ type: ClaimChangeView })
  decide(@Context() context: RequestContext, @Param('claimNo') claimNo: string, @Body() decision: DecideClaimDto) {
    return this.decisions.decide(context, claimNo, decision);
  }

  @Post(':claimNo/holds')
  @HttpCode(200)
  @Idempotent()
  @ApiOperation({ summary: 'Hold a claim: it is neither approved nor credited until the hold is released' })
  @ApiOkResponse({ type: ClaimChangeView })
  hold(@Context() context: RequestContext, @Param('claimNo') claimNo: string, @Body() hold: PlaceHoldDto) {
    return this.holds.place(context, claimNo, hold);
  }

  @Delete(':claimNo/holds')
  @Idempotent()
  @ApiOperation({ summary: 'Release what you may release alone; compliance asks for one confidential hold' })
  @ApiOkResponse({ type: ClaimChangeView })
  release(@Context() context: RequestContext, @Param('claimNo') claimNo: string, @Body() release: ReleaseHoldDto) {
    return this.holds.release(context, claimNo, release);
  }
}
