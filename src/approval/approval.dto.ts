import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsString, Matches, MaxLength } from 'class-validator';
import { PageQuery } from '../platform/pagination/page.js';
import type { Json } from '../platform/json.js';
import { APPROVAL_TRANSITIONS, type ApprovalState } from './approval.state.js';
import { MayBeLeftOut } from '../platform/http/may-be-left-out.decorator.js';

const STATES = Object.keys(APPROVAL_TRANSITIONS) as ApprovalState[];

export class ApprovalRequestFilter extends PageQuery {
  @ApiPropertyOptional({ enum: STATES, description: 'Only requests in this state.' })
  @MayBeLeftOut()
  @IsIn(STATES)
  status?: ApprovalState;

  @ApiPropertyOptional({ example: 'credit_batch', description: 'Only requests about this kind of thing.' })
  @MayBeLeftOut()
  @Matches(/^[a-z_]{1,40}$/, { message: 'subjectType must be a word such as credit_batch' })
  subjectType?: string;
}

export class DecideApprovalDto {
  @ApiProperty({ enum: ['approve', 'refuse'], description: 'refuse is 差戻し and needs a reason.' })
  @IsIn(['approve', 'refuse'])
  decision!: 'approve' | 'refuse';

  @ApiPropertyOptional({ example: 'Totals agree with the finance paper of 2018-03-12.', maxLength: 2000 })
  @MayBeLeftOut()
  @IsString()
  @MaxLength(2000)
  reason?: string;
}

export class ApprovalDecisionView {
  @ApiProperty({ example: '01932c07-209c-7e5f-8a3c-5a0c8f1f6a01' })
  checkerId!: string;

  @ApiProperty({ enum: ['approve', 'refuse'] })
  decision!: 'approve' | 'refuse';

  @ApiProperty({ type: String, nullable: true, example: null })
  reason!: string | null;

  @ApiProperty({ example: '2018-03-12T01:00:00.000Z' })
  decidedAt!: string;
}

export class ApprovalRequestView {
  @ApiProperty({ example: '01932c07-209c-7e5f-8a3c-5a0c8f1f6a02' })
  id!: string;

  @ApiProperty({ example: 'credit_batch' })
  subjectType!: string;

  @ApiProperty({ example: '2' })
  subjectId!: string;

  @ApiProperty({
    description: 'SHA-256 over everything that is approved; compared again when it takes effect.',
    example: 'a3f5'.repeat(16),
  })
  contentHash!: string;

  @ApiProperty({ type: String, nullable: true, example: '46311127000' })
  amountJpy!: string | null;

  @ApiProperty({ example: 2 })
  requiredCheckers!: number;

  @ApiProperty({ example: 1, description: 'Distinct checkers that have approved so far.' })
  approvals!: number;

  @ApiProperty({ enum: STATES })
  status!: ApprovalState;

  @ApiProperty({ example: '01932c07-209c-7e5f-8a3c-5a0c8f1f6a03' })
  makerId!: string;

  @ApiProperty({ example: '2018-03-11T23:00:00.000Z' })
  createdAt!: string;

  @ApiProperty({
    example: '2018-03-14T15:00:00.000Z',
    description: 'End of the third Japanese business day after the request.',
  })
  expiresAt!: string;

  @ApiProperty({ type: String, nullable: true, example: null })
  closedAt!: string | null;

  @ApiProperty({ type: [ApprovalDecisionView] })
  decisions!: ApprovalDecisionView[];

  @ApiProperty({ type: Object, nullable: true, description: 'What was done when it took effect.', example: null })
  outcome!: Json;
}

export class ApprovalRequestDetailView extends ApprovalRequestView {
  @ApiProperty({
    example: true,
    description: 'False when the content is no longer what was asked for: approving would void the request.',
  })
  contentUnchanged!: boolean;

  @ApiProperty({
    type: Object,
    description: 'What will happen: counts, totals, the ten largest, what is excluded and why.',
    example: { count: '259800', totalJpy: '46290000000' },
  })
  preview!: Json;
}

export class ApprovalRequestPage {
  @ApiProperty({ type: [ApprovalRequestView] })
  items!: ApprovalRequestView[];

  @ApiProperty({ type: String, nullable: true, example: null })
  nextCursor!: string | null;
}
