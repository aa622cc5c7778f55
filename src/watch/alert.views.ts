import { ApiProperty } from '@nestjs/swagger';
import type { Json } from '../platform/json.js';
import { BilingualView } from '../platform/http/bilingual.view.js';

export class NoticeView {
  @ApiProperty({ enum: ['mail', 'webhook', 'work_item'], example: 'mail' })
  channel!: 'mail' | 'webhook' | 'work_item';

  @ApiProperty({ example: '2018-03-12T03:00:06.000Z' })
  sentAt!: string;
}

export class AlertView {
  @ApiProperty({ example: '12' })
  id!: string;

  @ApiProperty({ example: 'credit_without_item' })
  kind!: string;

  @ApiProperty({ type: BilingualView })
  text!: BilingualView;

  @ApiProperty({ example: 'transfer:4711', description: 'What was found; the same thing is told once.' })
  subject!: string;

  @ApiProperty({ type: Object, example: { transferId: '4711', amountJpy: '1000000' } })
  evidence!: Json;

  @ApiProperty({ example: true, description: 'Whether the kill switch was pulled for it.' })
  stopsCrediting!: boolean;

  @ApiProperty({ example: '2018-03-12T03:00:05.000Z' })
  raisedAt!: string;

  @ApiProperty({ type: [NoticeView], description: 'Who was told, and when.' })
  notices!: NoticeView[];
}

export class AlertPage {
  @ApiProperty({ type: [AlertView] })
  items!: AlertView[];

  @ApiProperty({ type: String, nullable: true, example: null })
  nextCursor!: string | null;
}
