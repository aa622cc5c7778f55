import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Context } from '../identity/context.decorator.js';
import type { RequestContext } from '../platform/http/request-context.js';
import { Idempotent } from '../platform/idempotency/idempotent.decorator.js';
import {
  FinishWorkItemDto,
  HandBackWorkItemDto,
  NextWorkItemView,
  WorkItemPage,
  WorkItemQuery,
  WorkItemView,
} from './work-item.dto.js';
import { RowIdPipe } from '../platform/http/row-id.pipe.js';
import { WorkItemNotFound } from './work-item.errors.js';
import { WorkQueue } from './work-queue.service.js';

const ITEM_ID = new RowIdPipe(WorkItemNotFound);

@ApiTags('contact')
@Controller('v1/work-items')
export class WorkItemController {
  constructor(private readonly queue: WorkQueue) {}

  @Get()
  @ApiOperation({ summary: 'Work items of the kinds that your role may see, newest first' })
  @ApiOkResponse({ type: WorkItemPage })
  list(@Context() context: RequestContext, @Query() query: WorkItemQuery) {
    return this.queue.list(context, query);
  }

  @Post('next')
  @HttpCode(200)
  @ApiOperation({ summary: 'Take the next item, which nobody else gets; the one in hand if there is one' })
  @ApiOkResponse({ type: NextWorkItemView })
  next(@Context() context: RequestContext) {
    return this.queue.next(context);
  }

  @Post(':id/touch')
  @HttpCode(200)
  @ApiOperation({ summary: 'Still at it: the item stays in your hands for another 15 minutes' })
  @ApiOkResponse({ type: WorkItemView })
  touch(@Context() context: RequestContext, @Param('id', ITEM_ID) id: bigint) {
    return this.queue.touch(context, id);
  }

  @Post(':id/hand-back')
  @HttpCode(200)
  @ApiOperation({ summary: 'Put the item back into the queue, perhaps for a later day' })
  @ApiOkResponse({ type: WorkItemView })
  handBack(@Context() context: RequestContext, @Param('id', ITEM_ID) id: bigint, @Body() asked: HandBackWorkItemDto) {
    return this.queue.handBack(context, id, asked);
  }

  @Post(':id/done')
  @HttpCode(200)
  @Idempotent()
  @ApiOperation({ summary: 'Finish the item in hand, with its outcome' })
  @ApiOkResponse({ type: WorkItemView })
  finish(@Context() context: RequestContext, @Param('id', ITEM_ID) id: bigint, @Body() finished: FinishWorkItemDto) {
    return this.queue.finish(context, id, finished);
  }
}
