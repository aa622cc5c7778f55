import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsISO8601, IsString, Length, Matches } from 'class-validator';
import type { WorkItemKind, WorkItemOutcome as RecordedOutcome } from '../platform/database/prisma.js';
import { BilingualView } from '../platform/http/bilingual.view.js';
import { PageQuery } from '../platform/pagination/page.js';
import { WORK_ITEM_KINDS } from './work-item-kinds.js';
import { OUTCOMES, WORK_ITEM_STATES, type WorkItemOutcome, type WorkItemState } from './work-item.state.js';
import { MayBeLeftOut } from '../platform/http/may-be-left-out.decorator.js';

const RECORDED_OUTCOMES = [...OUTCOMES, 'settled_elsewhere'] as const;

export class WorkItemQuery extends PageQuery {
  @ApiPropertyOptional({ enum: WORK_ITEM_KINDS })
  @MayBeLeftOut()
  @IsIn(WORK_ITEM_KINDS)
  kind?: WorkItemKind;

  @ApiPropertyOptional({ enum: WORK_ITEM_STATES })
  @MayBeLeftOut()
  @IsIn(WORK_ITEM_STATES)
  state?: WorkItemState;
}

export class FinishWorkItemDto {
  @ApiProperty({ enum: OUTCOMES })
  @IsIn(OUTCOMES)
  outcome!: WorkItemOutcome;

  @ApiPropertyOptional({ maxLength: 2000, example: 'Called back; the new address is on record.' })
  @MayBeLeftOut()
  @IsString()
  @Length(1, 2000)
  outcomeText?: string;
}

export class HandBackWorkItemDto {
  @ApiPropertyOptional({ example: '2018-03-14', description: 'Day in Japan before which nobody gets it again.' })
  @MayBeLeftOut()
  @Matches(/^\d{4}-\d{2}-\d{2}$/, { message: 'dueOn must be a day such as 2018-03-14' })
  @IsISO8601({ strict: true }, { message: 'dueOn must be a day that exists' })
  dueOn?: string;
}

export class WorkItemSubjectView {
  @ApiProperty({ example: 'mail' })
  type!: string;

  @ApiProperty({ example: '4711' })
  id!: string;
}

export class WorkItemView {
  @ApiProperty({ example: '42' })
  id!: string;

  @ApiProperty({ enum: WORK_ITEM_KINDS })
  kind!: WorkItemKind;

  @ApiProperty({ type: BilingualView, description: 'What there is to do.' })
  text!: BilingualView;

  @ApiProperty({ type: String, nullable: true, example: 'C00000017', description: 'Whom it is about, if known.' })
  customerNo!: string | null;

  @ApiProperty({ type: WorkItemSubjectView, description: 'What it is about.' })
  subject!: WorkItemSubjectView;

  @ApiProperty({ example: '2018-03-12' })
  dueOn!: string;

  @ApiProperty({ enum: WORK_ITEM_STATES, description: 'Taken items that fell silent are open.' })
  state!: WorkItemState;

  @ApiProperty({ example: '2018-03-12T01:00:00.000Z' })
  openedAt!: string;

  @ApiProperty({ type: String, nullable: true, example: 'Sato', description: 'Who has or had it in hand.' })
  takenBy!: string | null;

  @ApiProperty({ type: String, nullable: true, example: '2018-03-12T02:00:00.000Z' })
  takenAt!: string | null;

  @ApiProperty({ type: String, nullable: true, example: '2018-03-12T02:10:00.000Z' })
  doneAt!: string | null;

  @ApiProperty({ enum: RECORDED_OUTCOMES, type: String, nullable: true })
  outcome!: RecordedOutcome | null;

  @ApiProperty({ type: String, nullable: true, example: 'Called back; the new address is on record.' })
  outcomeText!: string | null;
}

export class WorkItemPage {
  @ApiProperty({ type: [WorkItemView] })
  items!: WorkItemView[];

  @ApiProperty({ type: String, nullable: true, example: null })
  nextCursor!: string | null;
}

export class NextWorkItemView {
  @ApiProperty({ type: WorkItemView, nullable: true, description: 'null: nothing is waiting for you.' })
  item!: WorkItemView | null;
}
