import { Body, Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Context } from '../identity/context.decorator.js';
import type { RequestContext } from '../platform/http/request-context.js';
import { Idempotent } from '../platform/idempotency/idempotent.decorator.js';
import { CloseObjectionDto, ObjectionView, RecordObjectionDto } from './objection.dto.js';
import { ObjectionNotFound } from './objection.errors.js';
import { Objections } from './objections.js';
import { RowIdPipe } from '../platform/http/row-id.pipe.js';

const OBJECTION_NO = new RowIdPipe(ObjectionNotFound);

@ApiTags('contact')
@Controller('v1')
export class ObjectionController {
  constructor(private readonly objections: Objections) {}

  @Post('holders/:customerNo/objections')
  @Idempotent()
  @ApiOperation({ summary: 'Take down that a holder says to have held more; the claim itself goes on' })
  @ApiCreatedResponse({ type: ObjectionView })
  record(
    @Context() context: RequestContext,
    @Param('customerNo') customerNo: string,
    @Body() asked: RecordObjectionDto,
  ) {
    return this.objections.record(context, customerNo, asked);
  }

  @Get('objections/:objectionNo')
  @ApiOperation({ summary: 'One objection with its outcome' })
  @ApiOkResponse({ type: ObjectionView })
  show(@Context() context: RequestContext, @Param('objectionNo', OBJECTION_NO) id: bigint) {
    return this.objections.show(context, id);
  }

  @Post('objections/:objectionNo/outcome')
  @HttpCode(200)
  @Idempotent()
  @ApiOperation({ summary: 'Close an objection that another took down' })
  @ApiOkResponse({ type: ObjectionView })
  close(
    @Context() context: RequestContext,
    @Param('objectionNo', OBJECTION_NO) id: bigint,
    @Body() closing: CloseObjectionDto,
  ) {
    return this.objections.close(context, id, closing);
  }
}
