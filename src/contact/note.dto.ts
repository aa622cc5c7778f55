import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsInt, Min } from 'class-validator';
import type { ContactDirection, ContactOutcome, ContactTopic } from '../platform/database/prisma.js';
import { IsDay } from '../platform/http/day.decorator.js';
import { IsPlainLines, IsPlainText } from '../platform/http/plain-text.decorator.js';
import { DIRECTIONS, OUTCOMES, TOPICS } from './contact.dto.js';
import { MayBeLeftOut } from '../platform/http/may-be-left-out.decorator.js';

/** The database holds the same limits. */
const MOST_IN_TEXT = 4_000;
const MOST_IN_REASON = 500;

export class WriteNoteDto {
  @ApiProperty({
    example: 'Asks when. Told that we say nothing of a date.',
    maxLength: MOST_IN_TEXT,
    description:
      'Kept as text: HTML is shown as it was written. Control characters and marks of direction are refused.',
  })
  @IsPlainLines(MOST_IN_TEXT)
  text!: string;

  @ApiProperty({ enum: TOPICS, example: 'timing' })
  @IsIn(TOPICS)
  topic!: ContactTopic;

  @ApiPropertyOptional({ enum: DIRECTIONS, example: 'inbound', description: 'Left out where nobody called.' })
  @MayBeLeftOut()
  @IsIn(DIRECTIONS)
  direction?: ContactDirection;

  @ApiPropertyOptional({ enum: OUTCOMES, example: 'follow_up' })
  @MayBeLeftOut()
  @IsIn(OUTCOMES)
  outcome?: ContactOutcome;

  @ApiPropertyOptional({
    example: '2018-03-14',
    description: 'Day in Japan on which somebody comes back to it: it is in the work queue until then.',
  })
  @MayBeLeftOut()
  @IsDay()
  followUpOn?: string;
}

/** The whole note as it is to read now: what is left out is not so any more. */
export class ReviseNoteDto extends WriteNoteDto {
  @ApiProperty({
    example: 1,
    description: 'The version that was read, so that nobody writes over what they did not see.',
  })
  @IsInt()
  @Min(1)
  basedOnVersion!: number;
}

export class RedactNoteDto {
  @ApiProperty({
    example: 'Holds a card number.',
    maxLength: MOST_IN_REASON,
    description: 'Kept for ever: never repeat what is to go.',
  })
  @IsPlainText(MOST_IN_REASON)
  reason!: string;
}
