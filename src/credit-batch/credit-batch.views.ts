import { ApiProperty } from '@nestjs/swagger';
import { ApprovalRequestView } from '../approval/approval.dto.js';
import type { Json } from '../platform/json.js';
import { COMMANDS, CREDIT_BATCH_STATES, type BatchCommand, type CreditBatchState } from './credit-batch.state.js';

export const SKIP_REASONS = ['under_review', 'not_approved', 'released'] as const;
export type SkipReasonName = (typeof SKIP_REASONS)[number];

export class SkippedView {
  @ApiProperty({ enum: SKIP_REASONS, description: 'released: the batch ended without crediting it.' })
  reason!: SkipReasonName;

  @ApiProperty({ example: '3' })
  count!: string;

  @ApiProperty({ example: '120000' })
  sumJpy!: string;
}

export class CreditBatchProgressView {
  @ApiProperty({ example: '2' })
  id!: string;

  @ApiProperty({ enum: CREDIT_BATCH_STATES, example: 'executing' })
  status!: CreditBatchState;

  @ApiProperty({ example: '259900' })
  itemCount!: string;

  @ApiProperty({ example: '46290000000', description: 'Total of all items = credited + skipped + remaining.' })
  totalJpy!: string;

  @ApiProperty({ example: '120000' })
  creditedCount!: string;

  @ApiProperty({ example: '21000000000' })
  creditedJpy!: string;

  @ApiProperty({ example: '3' })
  skippedCount!: string;

  @ApiProperty({ example: '120000' })
  skippedJpy!: string;

  @ApiProperty({ example: '139897' })
  remainingCount!: string;

  @ApiProperty({ example: '25289880000' })
  remainingJpy!: string;

  @ApiProperty({
    type: Number,
    nullable: true,
    example: 24000.5,
    description: 'Over the current or last run, without pauses.',
  })
  itemsPerSecond!: number | null;

  @ApiProperty({ type: Number, nullable: true, example: 5.8, description: 'At that speed.' })
  secondsLeft!: number | null;
}

export class CreditBatchView extends CreditBatchProgressView {
  @ApiProperty({ example: 'NEM補償金' })
  label!: string;

  @ApiProperty({ example: '2018-03-12' })
  postingDate!: string;

  @ApiProperty({ example: '2018-03-12T03:00:00.000Z' })
  notBefore!: string;

  @ApiProperty({ type: Object, example: { maxAmountJpy: '1000000' } })
  filter!: Json;

  @ApiProperty({ type: String, nullable: true, example: '46290000000', description: 'As typed by the maker.' })
  controlTotalJpy!: string | null;

  @ApiProperty({ type: String, nullable: true, example: 'a3f5'.repeat(16) })
  contentHash!: string | null;

  @ApiProperty({
    type: String,
    nullable: true,
    enum: ['ordinary', 'alert', 'unwatched'],
    example: null,
    description:
      'After an alert two people resume; unwatched means that the watch is absent, and ends by itself when it is back.',
  })
  pauseKind!: 'ordinary' | 'alert' | 'unwatched' | null;

  @ApiProperty({ type: String, nullable: true, example: null })
  pauseReason!: string | null;

  @ApiProperty({ type: String, nullable: true, example: null })
  pausedAt!: string | null;

  @ApiProperty({ example: '01932c07-209c-7e5f-8a3c-5a0c8f1f6a03' })
  madeBy!: string;

  @ApiProperty({ example: '2018-03-11T23:00:00.000Z' })
  createdAt!: string;

  @ApiProperty({ type: String, nullable: true, example: '2018-03-11T23:10:00.000Z' })
  submittedAt!: string | null;

  @ApiProperty({ type: String, nullable: true, example: '2018-03-12T01:00:00.000Z' })
  approvedAt!: string | null;

  @ApiProperty({ type: String, nullable: true, example: '2018-03-12T03:00:01.000Z' })
  startedAt!: string | null;

  @ApiProperty({ type: String, nullable: true, example: null })
  finishedAt!: string | null;

  @ApiProperty({
    enum: Object.keys(COMMANDS),
    isArray: true,
    description: 'What people may ask of it now.',
    example: ['pause'],
  })
  possible!: BatchCommand[];
}

export class CreditBatchDetailView extends CreditBatchView {
  @ApiProperty({
    type: String,
    nullable: true,
    enum: ['waiting_for_signatures'],
    example: null,
    description: 'Why it does not begin although it is approved; see GET /v1/credit-batches/{id}/release.',
  })
  obstacle!: 'waiting_for_signatures' | null;

  @ApiProperty({ type: [SkippedView], description: 'Items that were not credited, by reason.' })
  skipped!: SkippedView[];
}

export class CreditBatchPage {
  @ApiProperty({ type: [CreditBatchView] })
  items!: CreditBatchView[];

  @ApiProperty({ type: String, nullable: true, example: null })
  nextCursor!: string | null;
}

/** A batch after a command; the request that now waits for a second person, when the command needs one. */
export class CommandedCreditBatchView extends CreditBatchDetailView {
  @ApiProperty({ type: ApprovalRequestView, nullable: true })
  approvalRequest!: ApprovalRequestView | null;
}

export class CreditBatchItemView {
  @ApiProperty({ example: '1' })
  seq!: string;

  @ApiProperty({ example: '402135792465' })
  claimNo!: string;

  @ApiProperty({ example: 'C00000017' })
  customerNo!: string;

  @ApiProperty({ example: '12345' })
  amountJpy!: string;

  @ApiProperty({ enum: ['waiting', 'credited', 'skipped'] })
  state!: 'waiting' | 'credited' | 'skipped';

  @ApiProperty({ type: String, nullable: true, enum: SKIP_REASONS, example: null })
  skipReason!: SkipReasonName | null;
}

export class CreditBatchItemPage {
  @ApiProperty({ type: [CreditBatchItemView] })
  items!: CreditBatchItemView[];

  @ApiProperty({ type: String, nullable: true, example: 'azoxMDA' })
  nextCursor!: string | null;
}
