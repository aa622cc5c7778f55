import { Body, Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Context } from '../identity/context.decorator.js';
import type { RequestContext } from '../platform/http/request-context.js';
import { Idempotent } from '../platform/idempotency/idempotent.decorator.js';
import { ChangeContactDto, ContactChangeView } from './contact-change.dto.js';
import { ContactChanges } from './contact-changes.js';
import { IdentityDetailView, IdentityView, RecordIdentityCheckDto } from './identity-check.dto.js';
import { IdentityChecks } from './identity-checks.js';

@ApiTags('holders')
@Controller('v1/holders')
export class ContactChangeController {
  constructor(
    private readonly contacts: ContactChanges,
    private readonly identities: IdentityChecks,
  ) {}

  @Post(':customerNo/contact-changes')
  @HttpCode(200)
  @Idempotent()
  @ApiOperation({
    summary: 'Change the mail address or phone of a holder',
    description:
      'Holds every uncredited claim until two facts are verified anew, and tells the former and the present address.',
  })
  @ApiOkResponse({ type: ContactChangeView })
  change(@Context() context: RequestContext, @Param('customerNo') customerNo: string, @Body() asked: ChangeContactDto) {
    return this.contacts.change(context, customerNo, asked);
  }

  @Post(':customerNo/identity-checks')
  @HttpCode(200)
  @Idempotent()
  @ApiOperation({ summary: 'Record that a holder’s identity was checked' })
  @ApiOkResponse({ type: IdentityView })
  check(
    @Context() context: RequestContext,
    @Param('customerNo') customerNo: string,
    @Body() check: RecordIdentityCheckDto,
  ) {
    return this.identities.record(context, customerNo, check);
  }

  @Get(':customerNo/identity-checks')
  @ApiOperation({ summary: 'The newest 100 identity checks of a holder, and what is still missing' })
  @ApiOkResponse({ type: IdentityDetailView })
  checks(@Context() context: RequestContext, @Param('customerNo') customerNo: string) {
    return this.identities.list(context, customerNo);
  }
}
