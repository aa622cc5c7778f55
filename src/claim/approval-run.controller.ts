import { Body, Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Context } from '../identity/context.decorator.js';
import type { RequestContext } from '../platform/http/request-context.js';
import { Idempotent } from '../platform/idempotency/idempotent.decorator.js';
import { ApprovalRunService } from './approval-run.service.js';
import { ApprovalRunView } from './approval-run.views.js';
import { ApprovalRunDto } from './claim.dto.js';

@ApiTags('claims')
@Controller('v1/approval-runs')
export class ApprovalRunController {
  constructor(private readonly runs: ApprovalRunService) {}

  @Post()
  @HttpCode(200)
  @Idempotent()
  @ApiOperation({ summary: 'Decide all claims of a filter, or only say what would happen (dryRun)' })
  @ApiOkResponse({ type: ApprovalRunView })
  propose(@Context() context: RequestContext, @Body() run: ApprovalRunDto) {
    return this.runs.propose(context, run);
  }

  @Get(':id')
  @ApiOperation({ summary: 'One approval run' })
  @ApiOkResponse({ type: ApprovalRunView })
  show(@Param('id') id: string) {
    return this.runs.show(id);
  }
}
