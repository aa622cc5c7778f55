import { Body, Controller, Param, Post } from '@nestjs/common';
import { ApiCreatedResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Context } from '../identity/context.decorator.js';
import type { RequestContext } from '../platform/http/request-context.js';
import { RowIdPipe } from '../platform/http/row-id.pipe.js';
import { Idempotent } from '../platform/idempotency/idempotent.decorator.js';
import { ResendDto } from './campaign.dto.js';
import { MailView } from './campaign.views.js';
import { MailNotFound } from './notification.errors.js';
import { ResendService } from './resend.service.js';

const MAIL_ID = new RowIdPipe(MailNotFound);

@ApiTags('notification')
@Controller('v1/mails')
export class MailController {
  constructor(private readonly resends: ResendService) {}

  @Post(':id/resend')
  @Idempotent()
  @ApiOperation({ summary: 'Send a mail once more because its customer asks for it; once, with a reason' })
  @ApiCreatedResponse({ type: MailView })
  resend(@Context() context: RequestContext, @Param('id', MAIL_ID) id: bigint, @Body() { reason }: ResendDto) {
    return this.resends.resend(context, id, reason);
  }
}
