import { Body, Controller, Param, ParseUUIDPipe, Patch, Post } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Context } from '../identity/context.decorator.js';
import { ChangeStaffDto } from '../identity/staff.dto.js';
import type { RequestContext } from '../platform/http/request-context.js';
import { AskedResetView, ChangedStaffView } from './account-change.dto.js';
import { AccountChanges } from './account-changes.js';
import { ResetReasonDto } from './factor-reset.dto.js';

@ApiTags('staff')
@Controller('v1/staff')
export class AccountChangeController {
  constructor(private readonly changes: AccountChanges) {}

  @Patch(':id')
  @ApiOperation({
    summary: "Change another person's account: what narrows access at once, what widens it when another person agrees",
  })
  @ApiOkResponse({ type: ChangedStaffView })
  change(@Context() context: RequestContext, @Param('id', ParseUUIDPipe) id: string, @Body() change: ChangeStaffDto) {
    return this.changes.change(context, id, change);
  }

  @Post(':id/reset')
  @ApiOperation({
    summary: "End another person's sessions, and their password when another agrees; they choose a new one",
  })
  @ApiCreatedResponse({ type: AskedResetView })
  startReset(
    @Context() context: RequestContext,
    @Param('id', ParseUUIDPipe) id: string,
    @Body() { reason }: ResetReasonDto,
  ) {
    return this.changes.startReset(context, id, reason);
  }
}
