import { ApiProperty } from '@nestjs/swagger';
import type {
  ComplaintCategory,
  ComplaintOutcome,
  ContactCaller,
  ContactChannel,
  ContactDirection,
  ContactOutcome,
  ContactTopic,
} from '../platform/database/prisma.js';
import {
  CALLERS,
  CHANNELS,
  COMPLAINT_CATEGORIES,
  COMPLAINT_OUTCOMES,
  DIRECTIONS,
  OUTCOMES,
  TOPICS,
} from './contact.dto.js';

export class ComplaintView {
  @ApiProperty({ enum: COMPLAINT_CATEGORIES, example: 'delay' })
  category!: ComplaintCategory;

  @ApiProperty({ example: '2018-03-16' })
  dueOn!: string;

  @ApiProperty({
    enum: COMPLAINT_OUTCOMES,
    type: String,
    nullable: true,
    example: null,
    description: 'Null while it is open.',
  })
  outcome!: ComplaintOutcome | null;

  @ApiProperty({ type: String, nullable: true, example: null })
  closedAt!: string | null;
}

export class CallerCheckStateView {
  @ApiProperty({ example: true, description: 'Two things that the caller said agreed.' })
  passed!: boolean;

  @ApiProperty({ example: 1 })
  failed!: number;

  @ApiProperty({ example: false, description: 'Failed three times: there is no further check in this contact.' })
  locked!: boolean;
}

export class ContactView {
  @ApiProperty({ example: '4711', description: 'Read it out where the call has to be found again.' })
  id!: string;

  @ApiProperty({ enum: CHANNELS, example: 'phone' })
  channel!: ContactChannel;

  @ApiProperty({ enum: DIRECTIONS, example: 'inbound' })
  direction!: ContactDirection;

  @ApiProperty({ enum: CALLERS, example: 'self' })
  caller!: ContactCaller;

  @ApiProperty({ type: String, nullable: true, example: 'C00000017' })
  customerNo!: string | null;

  @ApiProperty({ type: String, nullable: true, example: null })
  representativeId!: string | null;

  @ApiProperty({ example: '鈴木', description: 'The colleague; never told to customers.' })
  agent!: string;

  @ApiProperty({ enum: TOPICS, type: String, nullable: true, example: 'timing' })
  topic!: ContactTopic | null;

  @ApiProperty({ enum: OUTCOMES, type: String, nullable: true, example: 'answered' })
  outcome!: ContactOutcome | null;

  @ApiProperty({ example: '2018-03-12T01:00:00.000Z' })
  openedAt!: string;

  @ApiProperty({ example: '2018-03-12T02:00:00.000Z', description: 'From then on it counts as over, closed or not.' })
  expiresAt!: string;

  @ApiProperty({ type: String, nullable: true, example: '2018-03-12T01:08:00.000Z' })
  closedAt!: string | null;

  @ApiProperty({ type: CallerCheckStateView })
  callerCheck!: CallerCheckStateView;

  @ApiProperty({ type: ComplaintView, nullable: true })
  complaint!: ComplaintView | null;
}

export class ColleagueView {
  @ApiProperty({ example: '鈴木', description: 'For staff only.' })
  agent!: string;

  @ApiProperty({ enum: CHANNELS, example: 'phone' })
  channel!: ContactChannel;

  @ApiProperty({ example: '2018-03-12T01:00:00.000Z' })
  since!: string;
}

export class OpenedContactView extends ContactView {
  @ApiProperty({ type: [ColleagueView], description: 'Colleagues who have a contact about this holder open now.' })
  alsoHere!: ColleagueView[];
}

export class ContactPage {
  @ApiProperty({ type: [ContactView] })
  items!: ContactView[];

  @ApiProperty({ type: String, nullable: true, example: null })
  nextCursor!: string | null;
}

/** Per field that was said: does it agree? What is on record is not shown, not even whether anything is. */
export class FieldMatchesView {
  @ApiProperty({ type: Boolean, nullable: true, example: true, description: 'Null: not said.' })
  birthDate!: boolean | null;

  @ApiProperty({ type: Boolean, nullable: true, example: false })
  phone!: boolean | null;

  @ApiProperty({ type: Boolean, nullable: true, example: true })
  email!: boolean | null;
}

export class CallerCheckView extends CallerCheckStateView {
  @ApiProperty({ type: FieldMatchesView })
  matches!: FieldMatchesView;

  @ApiProperty({ example: 2, description: 'How many tries are left in this contact.' })
  remaining!: number;
}
