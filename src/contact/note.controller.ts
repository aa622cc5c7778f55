import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Context } from '../identity/context.decorator.js';
import type { RequestContext } from '../platform/http/request-context.js';
import { Idempotent } from '../platform/idempotency/idempotent.decorator.js';
import { PageQuery } from '../platform/pagination/page.js';
import { ContactNotFound } from './contact.errors.js';
import { RedactNoteDto, ReviseNoteDto, WriteNoteDto } from './note.dto.js';
import { NoteNotFound } from './note.errors.js';
import { NoteRedactions } from './note-redactions.js';
import { NoteHistoryView, NotePage, RedactionRequestView, WrittenNoteView } from './note.views.js';
import { Notes } from './notes.js';
import { RowIdPipe } from '../platform/http/row-id.pipe.js';

const CONTACT_ID = new RowIdPipe(ContactNotFound);
const NOTE_ID = new RowIdPipe(NoteNotFound);

@ApiTags('contact')
@Controller('v1')
export class NoteController {
  constructor(
    private readonly notes: Notes,
    private readonly redactions: NoteRedactions,
  ) {}

  @Get('holders/:customerNo/notes')
  @ApiOperation({ summary: 'Notes about a holder as they read now, newest first' })
  @ApiOkResponse({ type: NotePage })
  ofHolder(@Context() { actor }: RequestContext, @Param('customerNo') customerNo: string, @Query() page: PageQuery) {
    return this.notes.ofHolder(actor, customerNo, page);
  }

  @Post('holders/:customerNo/notes')
  @Idempotent()
  @ApiOperation({ summary: 'Write a note about a holder' })
  @ApiCreatedResponse({ type: WrittenNoteView })
  writeOnHolder(
    @Context() context: RequestContext,
    @Param('customerNo') customerNo: string,
    @Body() given: WriteNoteDto,
  ) {
    return this.notes.writeOnHolder(context, customerNo, given);
  }

  @Get('contacts/:id/notes')
  @ApiOperation({ summary: 'Notes on a call or mail as they read now, newest first' })
  @ApiOkResponse({ type: NotePage })
  ofContact(@Context() { actor }: RequestContext, @Param('id', CONTACT_ID) id: bigint, @Query() page: PageQuery) {
    return this.notes.ofContact(actor, id, page);
  }

  @Post('contacts/:id/notes')
  @Idempotent()
  @ApiOperation({ summary: 'Write a note on a call or mail, also of somebody who holds nothing' })
  @ApiCreatedResponse({ type: WrittenNoteView })
  writeOnContact(@Context() context: RequestContext, @Param('id', CONTACT_ID) id: bigint, @Body() given: WriteNoteDto) {
    return this.notes.writeOnContact(context, id, given);
  }

  @Get('notes/:id')
  @ApiOperation({ summary: 'One note with all its versions' })
  @ApiOkResponse({ type: NoteHistoryView })
  show(@Context() { actor }: RequestContext, @Param('id', NOTE_ID) id: bigint) {
    return this.notes.show(actor, id);
  }

  @Post('notes/:id/versions')
  @Idempotent()
  @ApiOperation({ summary: 'Write the next version of a note; those before it stay' })
  @ApiCreatedResponse({ type: WrittenNoteView })
  revise(@Context() context: RequestContext, @Param('id', NOTE_ID) id: bigint, @Body() given: ReviseNoteDto) {
    return this.notes.revise(context, id, given);
  }

  @Post('notes/:id/redactions')
  @Idempotent()
  @ApiOperation({ summary: 'Ask another person to agree that the text of a note is destroyed' })
  @ApiCreatedResponse({ type: RedactionRequestView })
  redact(@Context() context: RequestContext, @Param('id', NOTE_ID) id: bigint, @Body() asked: RedactNoteDto) {
    return this.redactions.ask(context, id, asked);
  }
}
