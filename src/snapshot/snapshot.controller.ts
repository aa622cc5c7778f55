import { Controller, Get, Header, HttpCode, Param, ParseUUIDPipe, Post, Query, Req } from '@nestjs/common';
import {
  ApiAcceptedResponse,
  ApiBody,
  ApiConsumes,
  ApiOkResponse,
  ApiOperation,
  ApiProduces,
  ApiTags,
} from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { Context } from '../identity/context.decorator.js';
import type { RequestContext } from '../platform/http/request-context.js';
import { Idempotent } from '../platform/idempotency/idempotent.decorator.js';
import { PageQuery } from '../platform/pagination/page.js';
import {
  SnapshotDetailView,
  SnapshotToSealView,
  SnapshotPage,
  SnapshotView,
  UploadSnapshotDto,
} from './snapshot.dto.js';
import { SnapshotService } from './snapshot.service.js';

@ApiTags('snapshot')
@Controller('v1/snapshots')
export class SnapshotController {
  constructor(private readonly snapshots: SnapshotService) {}

  @Post()
  @HttpCode(202)
  @ApiConsumes('multipart/form-data')
  @ApiBody({
    type: UploadSnapshotDto,
    description: 'These fields, and the parts `file` (CSV) and, if there is one, `exclusions` (CSV).',
  })
  @ApiOperation({ summary: 'Upload the frozen balances; they are imported in the background' })
  @ApiAcceptedResponse({ type: SnapshotView })
  upload(@Context() context: RequestContext, @Req() request: FastifyRequest) {
    return this.snapshots.upload(context, request);
  }

  @Get()
  @ApiOperation({ summary: 'Snapshots, newest first' })
  @ApiOkResponse({ type: SnapshotPage })
  list(@Query() query: PageQuery) {
    return this.snapshots.list(query);
  }

  @Get(':id')
  @ApiOperation({ summary: 'One snapshot: totals, errors by reason, exclusions by reason' })
  @ApiOkResponse({ type: SnapshotDetailView })
  show(@Context() context: RequestContext, @Param('id', ParseUUIDPipe) id: string) {
    return this.snapshots.show(context, id);
  }

  @Get(':id/errors.csv')
  @Header('Content-Type', 'text/csv; charset=utf-8')
  @ApiProduces('text/csv')
  @ApiOkResponse({ type: String })
  @ApiOperation({ summary: 'Every faulty row with its line, column, masked value and reason' })
  errors(@Param('id', ParseUUIDPipe) id: string) {
    return this.snapshots.errorsCsv(id);
  }

  @Post(':id/seal')
  @HttpCode(200)
  @Idempotent()
  @ApiOperation({ summary: 'Ask a second person to freeze customer numbers and quantities for ever' })
  @ApiOkResponse({ type: SnapshotToSealView })
  seal(@Context() context: RequestContext, @Param('id', ParseUUIDPipe) id: string) {
    return this.snapshots.seal(context, id);
  }
}
