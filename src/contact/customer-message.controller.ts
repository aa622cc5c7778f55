import { Controller, Get, Param } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Context } from '../identity/context.decorator.js';
import type { RequestContext } from '../platform/http/request-context.js';
import { CustomerMessageView } from './customer-message.dto.js';
import { MessageNotFound } from './customer-message.errors.js';
import { CustomerMessages } from './customer-messages.js';
import { RowIdPipe } from '../platform/http/row-id.pipe.js';

@ApiTags('contact')
@Controller('v1/customer-messages')
export class CustomerMessageController {
  constructor(private readonly messages: CustomerMessages) {}

  @Get(':id')
  @ApiOperation({ summary: 'What a customer wrote; the work item names it' })
  @ApiOkResponse({ type: CustomerMessageView })
  show(@Context() context: RequestContext, @Param('id', new RowIdPipe(MessageNotFound)) id: bigint) {
    return this.messages.show(context, id);
  }
}
