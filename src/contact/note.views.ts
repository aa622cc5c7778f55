import { ApiProperty } from '@nestjs/swagger';
import { ApprovalRequestView } from '../approval/approval.dto.js';
import type { ContactDirection, ContactOutcome, ContactTopic } from '../platform/database/prisma.js';
import { DIRECTIONS, OUTCOMES, TOPICS } from './contact.dto.js';

const HASH = '2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae';

export class NoteVersionView {
  @ApiProperty({ example: 2 })
  version!: number;

  @ApiProperty({
    type: String,
    nullable: true,
    example: 'Asks when. Told that we say nothing of a date.',
    description: 'Null: destroyed by a redaction.',
  })
  text!: string | null;

  @ApiProperty({ example: HASH, description: 'SHA-256 of the text in UTF-8; stays when the text is destroyed.' })
  textSha256!: string;

  @ApiProperty({ enum: TOPICS, example: 'timing' })
  topic!: ContactTopic;

  @ApiProperty({ enum: DIRECTIONS, type: String, nullable: true, example: 'inbound' })
  direction!: ContactDirection | null;

  @ApiProperty({ enum: OUTCOMES, type: String, nullable: true, example: 'follow_up' })
  outcome!: ContactOutcome | null;

  @ApiProperty({ type: String, nullable: true, example: '2018-03-14' })
  followUpOn!: string | null;

  @ApiProperty({ example: '鈴木', description: 'The colleague; never told to customers.' })
  writtenBy!: string;

  @ApiProperty({ example: '2018-03-12T01:08:00.000Z' })
  writtenAt!: string;
}

export class RedactionView {
  @ApiProperty({ example: 'Holds a card number.' })
  reason!: string;

  @ApiProperty({ example: '2018-03-13T01:08:00.000Z' })
  redactedAt!: string;
}

export class NoteView {
  @ApiProperty({ example: '815' })
  id!: string;

  @ApiProperty({ type: String, nullable: true, example: 'C00000017' })
  customerNo!: string | null;

  @ApiProperty({
    type: String,
    nullable: true,
    example: '4711',
    description: 'The call or mail that it was written on.',
  })
  contactId!: string | null;

  @ApiProperty({ type: NoteVersionView, description: 'As it reads now.' })
  current!: NoteVersionView;

  @ApiProperty({ type: RedactionView, nullable: true })
  redaction!: RedactionView | null;
}

export class NoteHistoryView extends NoteView {
  @ApiProperty({ type: [NoteVersionView], description: 'All of them, newest first.' })
  versions!: NoteVersionView[];
}

export class NotePage {
  @ApiProperty({ type: [NoteView] })
  items!: NoteView[];

  @ApiProperty({ type: String, nullable: true, example: null })
  nextCursor!: string | null;
}

/** Without the text: this answer is kept so that it can be repeated, and would outlive a redaction. */
export class WrittenNoteView {
  @ApiProperty({ example: '815' })
  id!: string;

  @ApiProperty({ example: 1 })
  version!: number;

  @ApiProperty({ example: HASH })
  textSha256!: string;
}

export class RedactionRequestView {
  @ApiProperty({ example: '815' })
  noteId!: string;

  @ApiProperty({ type: ApprovalRequestView, description: 'The text is destroyed when another person has agreed.' })
  approvalRequest!: ApprovalRequestView;
}
