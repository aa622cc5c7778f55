import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsString, Matches, MaxLength } from 'class-validator';
import {
  ComplaintCategory,
  ComplaintOutcome,
  ContactCaller,
  ContactChannel,
  ContactDirection,
  ContactOutcome,
  ContactTopic,
} from '../platform/database/prisma.js';
import { IsDay } from '../platform/http/day.decorator.js';
import { MayBeLeftOut } from '../platform/http/may-be-left-out.decorator.js';

export const CHANNELS = Object.values(ContactChannel);
export const DIRECTIONS = Object.values(ContactDirection);
export const CALLERS = Object.values(ContactCaller);
export const TOPICS = Object.values(ContactTopic);
export const OUTCOMES = Object.values(ContactOutcome);
export const COMPLAINT_CATEGORIES = Object.values(ComplaintCategory);
export const COMPLAINT_OUTCOMES = Object.values(ComplaintOutcome);

export class OpenContactDto {
  @ApiProperty({ enum: CHANNELS, example: 'phone' })
  @IsIn(CHANNELS)
  channel!: ContactChannel;

  @ApiProperty({ enum: DIRECTIONS, example: 'inbound' })
  @IsIn(DIRECTIONS)
  direction!: ContactDirection;

  @ApiProperty({ enum: CALLERS, example: 'self', description: 'Who they say they are.' })
  @IsIn(CALLERS)
  caller!: ContactCaller;

  @ApiPropertyOptional({ example: 'C00000017', description: 'Left out for the many who call and hold nothing.' })
  @MayBeLeftOut()
  @IsString()
  @MaxLength(32)
  customerNo?: string;

  @ApiPropertyOptional({ example: '7', description: 'Which representative of the holder it is with.' })
  @MayBeLeftOut()
  @Matches(/^[1-9]\d{0,17}$/, { message: 'representativeId must be the number of a representative' })
  representativeId?: string;
}

export class CloseContactDto {
  @ApiProperty({ enum: TOPICS, example: 'timing', description: 'What it was about in the main.' })
  @IsIn(TOPICS)
  topic!: ContactTopic;

  @ApiProperty({ enum: OUTCOMES, example: 'answered' })
  @IsIn(OUTCOMES)
  outcome!: ContactOutcome;
}

/** What the caller SAID, as it was said: two of these at least. Never copy it from a screen. */
export class CallerCheckDto {
  @ApiPropertyOptional({ example: '1980-01-31', description: 'In any usual way of writing, full width too.' })
  @MayBeLeftOut()
  @IsString()
  @Matches(/\S/u)
  @MaxLength(40)
  birthDate?: string;

  @ApiPropertyOptional({ example: '+81 90 1234 5678', description: 'In any punctuation.' })
  @MayBeLeftOut()
  @IsString()
  @Matches(/\S/u)
  @MaxLength(60)
  phone?: string;

  @ApiPropertyOptional({ example: 'makoto@example.jp' })
  @MayBeLeftOut()
  @IsString()
  @Matches(/\S/u)
  @MaxLength(320)
  email?: string;
}

export class RecordComplaintDto {
  @ApiProperty({ enum: COMPLAINT_CATEGORIES, example: 'delay' })
  @IsIn(COMPLAINT_CATEGORIES)
  category!: ComplaintCategory;

  @ApiProperty({ example: '2018-03-16', description: 'Day in Japan by which it is answered.' })
  @IsDay()
  dueOn!: string;
}

export class CloseComplaintDto {
  @ApiProperty({ enum: COMPLAINT_OUTCOMES, example: 'explained' })
  @IsIn(COMPLAINT_OUTCOMES)
  outcome!: ComplaintOutcome;
}

export class DailyContactsQuery {
  @ApiProperty({ example: '2018-03-01', description: 'First day in Japan.' })
  @IsDay()
  from!: string;

  @ApiProperty({ example: '2018-03-31', description: 'Last day in Japan; at most 366 days.' })
  @IsDay()
  to!: string;
}
