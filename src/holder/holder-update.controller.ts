import { Controller, Get, Header, HttpCode, Param, ParseUUIDPipe, Post, Req } from '@nestjs/common';
import {
  ApiBody,
  ApiConsumes,
  ApiCreatedResponse,
  ApiOkResponse,
  ApiOperation,
  ApiProduces,
  ApiTags,
} from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { Context } from '../identity/context.decorator.js';
import type { RequestContext } from '../platform/http/request-context.js';
import { Idempotent } from '../platform/idempotency/idempotent.decorator.js';
import { HolderUpdateView, SubmittedHolderUpdateView, UploadHolderUpdateDto } from './holder-update.dto.js';
import { HolderUpdates } from './holder-update.service.js';

@ApiTags('holders')
@Controller('v1/holder-updates')
export class HolderUpdateController {
  constructor(private readonly updates: HolderUpdates) {}

  @Post()
  @HttpCode(201)
  @ApiConsumes('multipart/form-data')
  @ApiBody({
    type: UploadHolderUpdateDto,
    description: 'This field, and the part `file`: CSV with the personal columns.',
  })
  @ApiOperation({ summary: 'Upload a later master file; says what would change and changes nothing' })
  @ApiCreatedResponse({ type: HolderUpdateView })
  upload(@Context() context: RequestContext, @Req() request: FastifyRequest) {
    return this.updates.upload(context, request);
  }

  @Get(':id')
  @ApiOperation({ summary: 'One holder update with its counts by column' })
  @ApiOkResponse({ type: HolderUpdateView })
  show(@Param('id', ParseUUIDPipe) id: string) {
    return this.updates.show(id);
  }

  @Get(':id/errors.csv')
  @Header('Content-Type', 'text/csv; charset=utf-8')
  @ApiProduces('text/csv')
  @ApiOkResponse({ type: String })
  @ApiOperation({ summary: 'Every faulty row, every unknown customer, and who was left out when it was applied' })
  errors(@Param('id', ParseUUIDPipe) id: string) {
    return this.updates.errorsCsv(id);
  }

  @Post(':id/submit')
  @HttpCode(200)
  @Idempotent()
  @ApiOperation({ summary: 'Ask a second person to apply it' })
  @ApiOkResponse({ type: SubmittedHolderUpdateView })
  submit(@Context() context: RequestContext, @Param('id', ParseUUIDPipe) id: string) {
    return this.updates.submit(context, id);
  }
}
