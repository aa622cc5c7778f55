import { Body, Controller, HttpCode, Param, ParseUUIDPipe, Post } from '@nestjs/common';
import { ApiCreatedResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ApprovalRequestView } from '../approval/approval.dto.js';
import { Context } from '../identity/context.decorator.js';
import type { RequestContext } from '../platform/http/request-context.js';
import { Idempotent } from '../platform/idempotency/idempotent.decorator.js';
import { ResetReasonDto } from './factor-reset.dto.js';
import { FactorResets } from './factor-resets.js';

@ApiTags('staff')
@Controller('v1/staff')
export class FactorResetController {
  constructor(private readonly resets: FactorResets) {}

  @Post(':id/factor-reset')
  @HttpCode(201)
  @Idempotent()
  @ApiOperation({ summary: 'Somebody lost their second factor: ask another person to let them enrol anew, by mail' })
  @ApiCreatedResponse({ type: ApprovalRequestView })
  ask(@Context() context: RequestContext, @Param('id', ParseUUIDPipe) id: string, @Body() { reason }: ResetReasonDto) {
    return this.resets.ask(context, id, reason);
  }
}
