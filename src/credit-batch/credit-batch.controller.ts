import { Body, Controller, Get, Header, HttpCode, Param, Post, Query, Sse } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import { Context } from '../identity/context.decorator.js';
import type { RequestContext } from '../platform/http/request-context.js';
import { Idempotent } from '../platform/idempotency/idempotent.decorator.js';
import { PageQuery } from '../platform/pagination/page.js';
import { BatchIdPipe } from './batch-id.pipe.js';
import { CreditBatchEvents } from './credit-batch-events.js';
import { CreditBatchPreviews } from './credit-batch-previews.js';
import { DraftCreditBatchDto, PauseCreditBatchDto, SubmitCreditBatchDto } from './credit-batch.dto.js';
import { CreditBatchService } from './credit-batch.service.js';
import {
  CommandedCreditBatchView,
  CreditBatchDetailView,
  CreditBatchItemPage,
  CreditBatchPage,
  CreditBatchProgressView,
} from './credit-batch.views.js';
import { CreditBatchPreviewView } from './preview.views.js';

@ApiTags('credit batches')
@Controller('v1/credit-batches')
export class CreditBatchController {
  constructor(
    private readonly batches: CreditBatchService,
    private readonly previews: CreditBatchPreviews,
    private readonly events: CreditBatchEvents,
  ) {}

  @Post()
  @Idempotent()
  @ApiOperation({ summary: 'Draft a batch: reserves the approved claims that the filter selects' })
  @ApiCreatedResponse({ type: CreditBatchDetailView })
  draft(@Context() context: RequestContext, @Body() batch: DraftCreditBatchDto) {
    return this.batches.draft(context, batch);
  }

  @Get()
  @ApiOperation({ summary: 'Batches, newest first' })
  @ApiOkResponse({ type: CreditBatchPage })
  list(@Query() page: PageQuery) {
    return this.batches.list(page);
  }

  @Get(':id')
  @ApiOperation({ summary: 'One batch: state, totals, progress, speed, what was skipped and why' })
  @ApiOkResponse({ type: CreditBatchDetailView })
  show(@Param('id', BatchIdPipe) id: bigint) {
    return this.batches.show(id);
  }

  @Get(':id/preview')
  @ApiOperation({
    summary: 'What the batch holds and leaves out: totals, smallest, largest, distribution, exclusions by reason',
  })
  @ApiOkResponse({ type: CreditBatchPreviewView })
  preview(@Param('id', BatchIdPipe) id: bigint) {
    return this.previews.show(id);
  }

  @Get(':id/preview.csv')
  @Header('Content-Type', 'text/csv; charset=utf-8')
  @Header('Content-Disposition', 'attachment; filename="credit-batch-preview.csv"')
  @ApiOperation({ summary: 'The preview as CSV, followed by every item' })
  @ApiProduces('text/csv')
  @ApiOkResponse({ type: String })
  previewCsv(@Param('id', BatchIdPipe) id: bigint) {
    return this.previews.csv(id);
  }

  @Get(':id/items')
  @ApiOperation({ summary: 'Items in the order of execution' })
  @ApiOkResponse({ type: CreditBatchItemPage })
  items(@Param('id', BatchIdPipe) id: bigint, @Query() page: PageQuery) {
    return this.batches.items(id, page);
  }

  @Sse(':id/events')
  @ApiOperation({ summary: 'Progress as server-sent events named progress, until the batch has ended' })
  @ApiProduces('text/event-stream')
  @ApiOkResponse({ type: CreditBatchProgressView })
  watch(@Param('id', BatchIdPipe) id: bigint) {
    return this.events.watch(id);
  }

  @Post(':id/submit')
  @HttpCode(200)
  @Idempotent()
  @ApiOperation({ summary: 'Ask for approval, with the control total from the finance paper' })
  @ApiOkResponse({ type: CommandedCreditBatchView })
  submit(
    @Context() context: RequestContext,
    @Param('id', BatchIdPipe) id: bigint,
    @Body() submission: SubmitCreditBatchDto,
  ) {
    return this.batches.submit(context, id, submission);
  }

  @Post(':id/pause')
  @HttpCode(200)
  @Idempotent()
  @ApiOperation({ summary: 'Pause at once: a chunk under way is undone or already counted' })
  @ApiOkResponse({ type: CommandedCreditBatchView })
  pause(
    @Context() context: RequestContext,
    @Param('id', BatchIdPipe) id: bigint,
    @Body() { reason }: PauseCreditBatchDto,
  ) {
    return this.batches.pause(context, id, reason);
  }

  @Post(':id/resume')
  @HttpCode(200)
  @Idempotent()
  @ApiOperation({ summary: 'Go on after an ordinary pause; after an alert, ask for a second person' })
  @ApiOkResponse({ type: CommandedCreditBatchView })
  resume(@Context() context: RequestContext, @Param('id', BatchIdPipe) id: bigint) {
    return this.batches.resume(context, id);
  }

  @Post(':id/stop')
  @HttpCode(200)
  @Idempotent()
  @ApiOperation({ summary: 'Ask for a second person to end a paused batch; what is credited stands' })
  @ApiOkResponse({ type: CommandedCreditBatchView })
  stop(@Context() context: RequestContext, @Param('id', BatchIdPipe) id: bigint) {
    return this.batches.stop(context, id);
  }

  @Post(':id/cancel')
  @HttpCode(200)
  @Idempotent()
  @ApiOperation({ summary: 'End a batch that has not begun, and release its claims' })
  @ApiOkResponse({ type: CommandedCreditBatchView })
  cancel(@Context() context: RequestContext, @Param('id', BatchIdPipe) id: bigint) {
    return this.batches.cancel(context, id);
  }
}
