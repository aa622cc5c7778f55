import { ApiProperty } from '@nestjs/swagger';
import { BilingualView } from '../platform/http/bilingual.view.js';
import { TIMELINE_KINDS, type TimelineKind } from './timeline-texts.js';

export class TimelineActorView {
  @ApiProperty({ enum: ['staff', 'customer', 'system'] })
  kind!: 'staff' | 'customer' | 'system';

  @ApiProperty({ type: String, nullable: true, example: 'Sato', description: 'Of staff only.' })
  name!: string | null;
}

export class TimelineEventView {
  @ApiProperty({ example: '2018-03-12T01:00:00.000000Z' })
  at!: string;

  @ApiProperty({ enum: TIMELINE_KINDS })
  kind!: TimelineKind;

  @ApiProperty({ type: TimelineActorView })
  actor!: TimelineActorView;

  @ApiProperty({ type: BilingualView, description: 'What happened, in one sentence for staff.' })
  text!: BilingualView;
}

export class TimelinePage {
  @ApiProperty({ type: [TimelineEventView] })
  items!: TimelineEventView[];

  @ApiProperty({ type: String, nullable: true, example: null })
  nextCursor!: string | null;
}
