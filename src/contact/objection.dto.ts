import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, Matches } from 'class-validator';
import { IsDay } from '../platform/http/day.decorator.js';
import { IsPlainLines } from '../platform/http/plain-text.decorator.js';
import { MayBeLeftOut } from '../platform/http/may-be-left-out.decorator.js';

export const OBJECTION_OUTCOMES = ['upheld', 'partly_upheld', 'not_upheld', 'withdrawn'] as const;
export type ObjectionOutcome = (typeof OBJECTION_OUTCOMES)[number];

export class RecordObjectionDto {
  @ApiProperty({ example: '1500.250000', description: 'What the holder says to have held.' })
  @Matches(/^(?=.*[1-9])(0|[1-9]\d{0,9})(\.\d{1,6})?$/, {
    message: 'claimedQuantityXem must be a positive quantity of at most 6 decimals',
  })
  claimedQuantityXem!: string;

  @ApiProperty({ example: '1月26日午前の買付分が含まれていないとのお申し出。' })
  @IsPlainLines(2000)
  reason!: string;

  @ApiPropertyOptional({ example: '2018-03-26', description: 'Day in Japan; without it, ten business days from now.' })
  @MayBeLeftOut()
  @IsDay()
  dueOn?: string;
}

export class CloseObjectionDto {
  @ApiProperty({ enum: OBJECTION_OUTCOMES })
  @IsIn(OBJECTION_OUTCOMES)
  outcome!: ObjectionOutcome;

  @ApiProperty({ example: '取引履歴を確認。買付は基準日時の後に約定。' })
  @IsPlainLines(2000)
  outcomeText!: string;
}

export class ObjectionView {
  @ApiProperty({ example: '17', description: 'Its number, by which the customer can ask about it.' })
  objectionNo!: string;

  @ApiProperty({ example: 'C00000017' })
  customerNo!: string;

  @ApiProperty({ example: '1500.250000' })
  claimedQuantityXem!: string;

  @ApiProperty({
    type: String,
    nullable: true,
    example: '132845',
    description: 'The claimed quantity at the price of the claim; null without a claim.',
  })
  claimedAmountJpy!: string | null;

  @ApiProperty({ example: '1月26日午前の買付分が含まれていないとのお申し出。' })
  reason!: string;

  @ApiProperty({ example: '2018-03-26' })
  dueOn!: string;

  @ApiProperty({ example: 'Sato' })
  recordedBy!: string;

  @ApiProperty({ example: '2018-03-12T01:00:00.000Z' })
  recordedAt!: string;

  @ApiProperty({ enum: OBJECTION_OUTCOMES, type: String, nullable: true, description: 'null: still open.' })
  outcome!: ObjectionOutcome | null;

  @ApiProperty({ type: String, nullable: true, example: null })
  outcomeText!: string | null;

  @ApiProperty({ type: String, nullable: true, example: null })
  closedBy!: string | null;

  @ApiProperty({ type: String, nullable: true, example: null })
  closedAt!: string | null;
}
