import { Body, Controller, HttpCode, Param, Post } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Context } from '../identity/context.decorator.js';
import type { RequestContext } from '../platform/http/request-context.js';
import { Idempotent } from '../platform/idempotency/idempotent.decorator.js';
import { RepresentativeIdPipe } from './representative-id.pipe.js';
import {
  EndRepresentativeDto,
  RecordedRepresentativeView,
  RecordRepresentativeDto,
  RepresentativeView,
} from './representative.dto.js';
import { RepresentativeService } from './representative.service.js';

@ApiTags('call centre')
@Controller('v1')
export class RepresentativeController {
  constructor(private readonly representatives: RepresentativeService) {}

  @Post('holders/:customerNo/representatives')
  @Idempotent()
  @ApiOperation({
    summary: 'Record from papers who else may be spoken to; in force when another person has confirmed it',
  })
  @ApiCreatedResponse({ type: RecordedRepresentativeView })
  record(
    @Context() context: RequestContext,
    @Param('customerNo') customerNo: string,
    @Body() given: RecordRepresentativeDto,
  ) {
    return this.representatives.record(context, customerNo, given);
  }

  @Post('representatives/:id/end')
  @HttpCode(200)
  @Idempotent()
  @ApiOperation({ summary: 'End it before its last day, such as when a power of attorney is withdrawn' })
  @ApiOkResponse({ type: RepresentativeView })
  end(
    @Context() context: RequestContext,
    @Param('id', RepresentativeIdPipe) id: bigint,
    @Body() ending: EndRepresentativeDto,
  ) {
    return this.representatives.end(context, id, ending);
  }
}
