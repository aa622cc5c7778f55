import { Body, Controller, Post } from '@nestjs/common';
import { ApiCreatedResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Context } from '../identity/context.decorator.js';
import type { CustomerPrincipal } from '../identity/customer-principal.js';
import { Customer } from '../identity/customer.decorator.js';
import type { RequestContext } from '../platform/http/request-context.js';
import { Idempotent } from '../platform/idempotency/idempotent.decorator.js';
import { MessageReceiptView, WriteMessageDto } from './message.dto.js';
import { Messages } from './message.service.js';

@ApiTags('customer')
@Controller('v1/me/messages')
export class MessageController {
  constructor(private readonly messages: Messages) {}

  @Post()
  @Idempotent()
  @ApiOperation({ summary: 'Write to us: somebody reads it; 5 messages in 24 hours' })
  @ApiCreatedResponse({ type: MessageReceiptView })
  write(
    @Context() context: RequestContext,
    @Customer() { holderId }: CustomerPrincipal,
    @Body() { text }: WriteMessageDto,
  ) {
    return this.messages.write(context, holderId, text);
  }
}
