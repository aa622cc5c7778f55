import { Controller, Get, HttpCode, Param, ParseUUIDPipe, Post, Query, Req, Res, StreamableFile } from '@nestjs/common';
import {
  ApiAcceptedResponse,
  ApiBody,
  ApiConsumes,
  ApiCreatedResponse,
  ApiOkResponse,
  ApiOperation,
  ApiProduces,
  ApiTags,
} from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Context } from '../identity/context.decorator.js';
import { Roles } from '../identity/roles.decorator.js';
import type { RequestContext } from '../platform/http/request-context.js';
import { Idempotent } from '../platform/idempotency/idempotent.decorator.js';
import { PageQuery } from '../platform/pagination/page.js';
import { UPLOAD_FORM_SCHEMA } from './snapshot.dto.js';
import { SnapshotService } from './snapshot.service.js';
import { SealAskedView, SnapshotDetailView, SnapshotPage, SnapshotView } from './snapshot.views.js';
import { UploadService } from './upload.service.js';

@ApiTags('snapshot')
@Controller('v1/snapshots')
export class SnapshotController {
  constructor(
    private readonly snapshots: SnapshotService,
    private readonly uploads: UploadService,
  ) {}

  @Post()
  @HttpCode(202)
  @Roles('finance_maker')
  @ApiOperation({ summary: 'Upload an export of frozen balances; it is imported and checked in the background' })
  @ApiConsumes('multipart/form-data')
  @ApiBody({ description: 'Fields and files in any order.', schema: UPLOAD_FORM_SCHEMA })
  @ApiAcceptedResponse({ type: SnapshotView, headers: { Location: { schema: { type: 'string' } } } })
  async upload(
    @Context() context: RequestContext,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    return located(reply, await this.uploads.receive(context, request));
  }

  @Get()
  @Roles('finance_maker', 'finance_checker', 'auditor')
  @ApiOperation({ summary: 'Snapshots, newest first' })
  @ApiOkResponse({ type: SnapshotPage })
  list(@Query() query: PageQuery) {
    return this.snapshots.list(query);
  }

  @Get(':id')
  @Roles('finance_maker', 'finance_checker', 'auditor')
  @ApiOperation({ summary: 'One snapshot: progress, control totals with their differences, faults, exclusions' })
  @ApiOkResponse({ type: SnapshotDetailView })
  show(@Context() context: RequestContext, @Param('id', ParseUUIDPipe) id: string) {
    return this.snapshots.show(context, id);
  }

  @Get(':id/errors.csv')
  @Roles('finance_maker', 'finance_checker', 'auditor')
  @ApiOperation({ summary: 'What is wrong with an upload, row by row; personal values are masked' })
  @ApiProduces('text/csv')
  @ApiOkResponse({ schema: { type: 'string', example: 'file,line,column,value,code,reason_ja,reason_en' } })
  async errors(@Param('id', ParseUUIDPipe) id: string) {
    return new StreamableFile(await this.snapshots.errorsCsv(id), {
      type: 'text/csv; charset=utf-8',
      disposition: `attachment; filename="snapshot-${id}-errors.csv"`,
    });
  }

  @Post(':id/seal')
  @Idempotent()
  @Roles('finance_maker')
  @ApiOperation({ summary: 'Ask for the seal of a ready snapshot; another person approves it' })
  @ApiCreatedResponse({ type: SealAskedView })
  seal(@Context() context: RequestContext, @Param('id', ParseUUIDPipe) id: string) {
    return this.snapshots.seal(context, id);
  }
}

function located(reply: FastifyReply, view: SnapshotView): SnapshotView {
  void reply.header('Location', `/v1/snapshots/${view.id}`);
  return view;
}
