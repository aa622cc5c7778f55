import { Body, Controller, Get, HttpCode, Param, ParseUUIDPipe, Post, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Context } from '../identity/context.decorator.js';
import type { RequestContext } from '../platform/http/request-context.js';
import { Idempotent } from '../platform/idempotency/idempotent.decorator.js';
import {
  ApprovalRequestDetailView,
  ApprovalRequestFilter,
  ApprovalRequestPage,
  ApprovalRequestView,
  DecideApprovalDto,
} from './approval.dto.js';
import { ApprovalService } from './approval.service.js';

@ApiTags('approval')
@Controller('v1/approval-requests')
export class ApprovalController {
  constructor(private readonly approvals: ApprovalService) {}

  @Get()
  @ApiOperation({ summary: 'Approval requests, newest first' })
  @ApiOkResponse({ type: ApprovalRequestPage })
  list(@Context() context: RequestContext, @Query() filter: ApprovalRequestFilter) {
    return this.approvals.list(context, filter);
  }

  @Get(':id')
  @ApiOperation({ summary: 'One approval request, with exactly what will happen if it is approved' })
  @ApiOkResponse({ type: ApprovalRequestDetailView })
  show(@Context() context: RequestContext, @Param('id', ParseUUIDPipe) id: string) {
    return this.approvals.show(context, id);
  }

  @Post(':id/decisions')
  @HttpCode(200)
  @Idempotent()
  @ApiOperation({ summary: 'Approve or refuse, as another person than the maker' })
  @ApiOkResponse({ type: ApprovalRequestView })
  decide(
    @Context() context: RequestContext,
    @Param('id', ParseUUIDPipe) id: string,
    @Body() verdict: DecideApprovalDto,
  ) {
    return this.approvals.decide(context, id, verdict);
  }
}
