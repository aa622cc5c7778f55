import { ApiProperty } from '@nestjs/swagger';
import { IsBoolean, IsIn, Matches } from 'class-validator';
import { IsDay } from '../platform/http/day.decorator.js';
import type { IdentityCheckMethod, IdentityStatus } from '../platform/database/prisma.js';

/** These make a holder verified, or returned when they fail. */
export const DOCUMENTS = [
  'driving_licence',
  'my_number_card',
  'passport',
  'residence_card',
  'company_register',
  'electronic',
] as const satisfies readonly IdentityCheckMethod[];
/** These are facts beside them: a phone known before was called back, a code came by registered letter, a face was seen. */
const FACTS = ['call_back', 'letter', 'video_call'] as const satisfies readonly IdentityCheckMethod[];
export const IDENTITY_CHECK_METHODS = [...DOCUMENTS, ...FACTS] as const;

export class RecordIdentityCheckDto {
  @ApiProperty({ enum: IDENTITY_CHECK_METHODS })
  @IsIn(IDENTITY_CHECK_METHODS)
  method!: IdentityCheckMethod;

  @ApiProperty({ example: '302604123450', description: 'Of the document, the recording or the letter.' })
  @Matches(/^[!-~]{1,64}$/, { message: 'evidenceNumber must be 1 to 64 letters, digits or signs without spaces' })
  evidenceNumber!: string;

  @ApiProperty({ example: true })
  @IsBoolean()
  passed!: boolean;

  @ApiProperty({ example: '2018-03-12', description: 'The day in Japan on which it was made.' })
  @IsDay()
  checkedOn!: string;
}

export class IdentityCheckView {
  @ApiProperty({ example: '41' })
  id!: string;

  @ApiProperty({ enum: IDENTITY_CHECK_METHODS, example: 'driving_licence' })
  method!: IdentityCheckMethod;

  @ApiProperty({ example: '302604123450' })
  evidenceNumber!: string;

  @ApiProperty({ example: true })
  passed!: boolean;

  @ApiProperty({ example: '2018-03-12' })
  checkedOn!: string;

  @ApiProperty({ example: '01932c07-209c-7e5f-8a3c-5a0c8f1f6a02', description: 'The member of staff who checked.' })
  checkedBy!: string;

  @ApiProperty({ example: '2018-03-12T02:00:00.000Z' })
  recordedAt!: string;
}

/** Where a holder stands after a check. */
export class IdentityView {
  @ApiProperty({ enum: ['none', 'submitted', 'returned', 'verified'], example: 'verified' })
  identityStatus!: IdentityStatus;

  @ApiProperty({
    example: 1,
    description: 'Of two that are needed by different people after a change of contact; 0 where nothing changed.',
  })
  contactFactsMissing!: number;
}

export class IdentityDetailView extends IdentityView {
  @ApiProperty({ type: [IdentityCheckView] })
  checks!: IdentityCheckView[];
}
