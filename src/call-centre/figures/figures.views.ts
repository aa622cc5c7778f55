import { ApiProperty } from '@nestjs/swagger';
import { CLAIM_STATES, type ClaimState } from '../../claim/claim.state.js';
import { TOPICS } from '../../contact/contact.dto.js';
import { WORK_ITEM_KINDS } from '../../contact/work-item-kinds.js';
import type { ContactTopic, WorkItemKind } from '../../platform/database/prisma.js';

export class ClaimFigureView {
  @ApiProperty({ enum: CLAIM_STATES, example: 'approved' })
  state!: ClaimState;

  @ApiProperty({ example: '259800' })
  claims!: string;
}

export const HOLD_FIGURES = ['contact_changed', 'under_review'] as const;

export class HoldFigureView {
  @ApiProperty({ enum: HOLD_FIGURES, example: 'under_review', description: 'As you read it on the holder’s page.' })
  reason!: (typeof HOLD_FIGURES)[number];

  @ApiProperty({ example: '312', description: 'Each claim once, by the first of its reasons.' })
  claims!: string;
}

export class QueueFigureView {
  @ApiProperty({ enum: WORK_ITEM_KINDS, example: 'follow_up' })
  kind!: WorkItemKind;

  @ApiProperty({ example: '41', description: 'In nobody’s hands, those for later days too.' })
  waiting!: string;

  @ApiProperty({ example: '17', description: 'Of these, to be done today or before.' })
  due!: string;

  @ApiProperty({ example: '6' })
  inHand!: string;

  @ApiProperty({
    type: Number,
    nullable: true,
    example: 5400,
    description: 'How long the oldest of those that are due has waited, in seconds; null when none is due.',
  })
  oldestSeconds!: number | null;
}

/** A contact has no topic before it is closed. */
export const TOPIC_FIGURES = [...TOPICS, 'not_recorded'] as const;

export class TopicFigureView {
  @ApiProperty({
    enum: TOPIC_FIGURES,
    example: 'timing',
    description: 'What it was about in the main; not_recorded while a contact is open, and of one that nobody closed.',
  })
  topic!: ContactTopic | 'not_recorded';

  @ApiProperty({ example: '812' })
  calls!: string;

  @ApiProperty({ example: '64' })
  mails!: string;

  @ApiProperty({ example: '31', description: 'Of the calls and mails.' })
  complaints!: string;

  @ApiProperty({ example: '540', description: 'Notes, each once, by the topic of its newest version.' })
  notes!: string;
}

/** Counts alone, nothing about any single customer or member of staff. */
export class CallCentreFiguresView {
  @ApiProperty({ example: '2018-03-12T01:00:00.000Z', description: 'At most ten seconds ago.' })
  asOf!: string;

  @ApiProperty({ example: '2018-03-12', description: 'The day in Japan to which `topics` belongs.' })
  day!: string;

  @ApiProperty({
    type: [TopicFigureView],
    description: 'Calls and mails that were opened and notes that were written on this day so far.',
  })
  topics!: TopicFigureView[];

  @ApiProperty({ type: [ClaimFigureView] })
  claims!: ClaimFigureView[];

  @ApiProperty({ type: [HoldFigureView] })
  holds!: HoldFigureView[];

  @ApiProperty({ type: [QueueFigureView], description: 'Of the kinds that you may see listed.' })
  queue!: QueueFigureView[];
}
