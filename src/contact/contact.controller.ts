import { Body, Controller, Get, Header, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import { Context } from '../identity/context.decorator.js';
import type { RequestContext } from '../platform/http/request-context.js';
import { PageQuery } from '../platform/pagination/page.js';
import { CallerChecks } from './caller-checks.js';
import { Complaints } from './complaints.js';
import {
  CallerCheckDto,
  CloseComplaintDto,
  CloseContactDto,
  DailyContactsQuery,
  OpenContactDto,
  RecordComplaintDto,
} from './contact.dto.js';
import { CallerCheckView, ContactPage, ContactView, OpenedContactView } from './contact.views.js';
import { ContactNotFound } from './contact.errors.js';
import { Contacts } from './contacts.js';
import { DailyContacts } from './daily-contacts.js';
import { RowIdPipe } from '../platform/http/row-id.pipe.js';

const CONTACT_ID = new RowIdPipe(ContactNotFound);

@ApiTags('contact')
@Controller('v1')
export class ContactController {
  constructor(
    private readonly contacts: Contacts,
    private readonly checks: CallerChecks,
    private readonly complaints: Complaints,
    private readonly daily: DailyContacts,
  ) {}

  @Post('contacts')
  @ApiOperation({ summary: 'Open a call or a mail: who it is, and about which holder if any' })
  @ApiCreatedResponse({ type: OpenedContactView })
  open(@Context() context: RequestContext, @Body() asked: OpenContactDto) {
    return this.contacts.open(context, asked);
  }

  @Get('contacts/daily.csv')
  @Header('Content-Type', 'text/csv; charset=utf-8')
  @Header('Content-Disposition', 'attachment; filename="contacts.csv"')
  @ApiOperation({ summary: 'Contacts and complaints by topic and day in Japan' })
  @ApiProduces('text/csv')
  @ApiOkResponse({
    schema: { type: 'string', example: 'day,topic,contacts,complaints\r\n2018-03-12,timing,812,31\r\n' },
  })
  dailyCsv(@Query() days: DailyContactsQuery) {
    return this.daily.csv(days);
  }

  @Get('contacts/:id')
  @ApiOperation({ summary: 'One contact' })
  @ApiOkResponse({ type: ContactView })
  show(@Context() { actor }: RequestContext, @Param('id', CONTACT_ID) id: bigint) {
    return this.contacts.show(actor, id);
  }

  @Get('holders/:customerNo/contacts')
  @ApiOperation({ summary: 'All contacts about one holder, newest first' })
  @ApiOkResponse({ type: ContactPage })
  list(@Context() { actor }: RequestContext, @Param('customerNo') customerNo: string, @Query() page: PageQuery) {
    return this.contacts.list(actor, customerNo, page);
  }

  @Post('contacts/:id/close')
  @HttpCode(200)
  @ApiOperation({ summary: 'Close it with topic and outcome, as whoever opened it' })
  @ApiOkResponse({ type: ContactView })
  close(@Context() context: RequestContext, @Param('id', CONTACT_ID) id: bigint, @Body() closing: CloseContactDto) {
    return this.contacts.close(context, id, closing);
  }

  @Post('contacts/:id/caller-check')
  @HttpCode(200)
  @ApiOperation({ summary: 'Compare what the caller said; two that agree open name and amount for this contact' })
  @ApiOkResponse({ type: CallerCheckView })
  check(@Context() context: RequestContext, @Param('id', CONTACT_ID) id: bigint, @Body() said: CallerCheckDto) {
    return this.checks.check(context, id, said);
  }

  @Post('contacts/:id/complaint')
  @ApiOperation({ summary: 'It is a complaint: about what, and answered by which day' })
  @ApiCreatedResponse({ type: ContactView })
  complain(
    @Context() context: RequestContext,
    @Param('id', CONTACT_ID) id: bigint,
    @Body() complaint: RecordComplaintDto,
  ) {
    return this.complaints.record(context, id, complaint);
  }

  @Post('contacts/:id/complaint/close')
  @HttpCode(200)
  @ApiOperation({ summary: 'How the complaint ended' })
  @ApiOkResponse({ type: ContactView })
  closeComplaint(
    @Context() context: RequestContext,
    @Param('id', CONTACT_ID) id: bigint,
    @Body() closing: CloseComplaintDto,
  ) {
    return this.complaints.close(context, id, closing);
  }
}
