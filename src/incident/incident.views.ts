import { ApiProperty } from '@nestjs/swagger';
import { ApprovalRequestView } from '../approval/approval.dto.js';
import { IncidentFactKind, IncidentUnit, IncidentVersionStatus } from '../platform/database/prisma.js';
import type { PromiseState } from './incident.state.js';

const TEXT = (en: string, ja: string) => ({
  type: 'object' as const,
  properties: { en: { type: 'string' as const }, ja: { type: 'string' as const } },
  required: ['en', 'ja'],
  additionalProperties: false,
  example: { en, ja },
});

export interface TextView {
  readonly en: string;
  readonly ja: string;
}

export class OtherValueView {
  @ApiProperty(TEXT('526300010', '526300010'))
  value!: TextView;

  @ApiProperty(TEXT('Public NEM ledger', 'NEMの公開台帳'))
  source!: TextView;

  @ApiProperty({ type: String, nullable: true, example: null })
  asOf!: string | null;

  @ApiProperty({ ...TEXT('11 transfers, 00:02-08:26 JST.', '11件の送金(00:02〜08:26)。'), nullable: true })
  note!: TextView | null;
}

/** What the public reads of a value. */
export class PublicValueView {
  @ApiProperty({ example: 'xem-stolen' })
  key!: string;

  @ApiProperty(TEXT('XEM stolen', '不正送金されたXEM'))
  label!: TextView;

  @ApiProperty(TEXT('523000000', '523000000'))
  value!: TextView;

  @ApiProperty({ enum: Object.values(IncidentUnit), example: 'XEM' })
  unit!: IncidentUnit;

  @ApiProperty({ example: false })
  approximate!: boolean;

  @ApiProperty(TEXT('Incident memo', '事案メモ'))
  source!: TextView;

  @ApiProperty({ type: String, nullable: true, example: null })
  asOf!: string | null;
}

export class PublicPromiseView {
  @ApiProperty({ example: 'credit-day' })
  key!: string;

  @ApiProperty(TEXT('The compensation is added to your balance', '補償金を残高に反映'))
  label!: TextView;

  @ApiProperty({ example: '2018-03-12' })
  promisedOn!: string;

  @ApiProperty({ enum: ['due', 'kept', 'missed'], example: 'kept' })
  state!: PromiseState;

  @ApiProperty({ type: String, nullable: true, example: '2018-03-12' })
  doneOn!: string | null;

  @ApiProperty(TEXT('Company notice', '会社のお知らせ'))
  source!: TextView;
}

export class PublicCorrectionView {
  @ApiProperty({ example: 'xem-stolen' })
  key!: string;

  @ApiProperty(TEXT('XEM stolen', '不正送金されたXEM'))
  label!: TextView;

  @ApiProperty({ ...TEXT('523000000', '523000000'), description: 'What was public before.' })
  before!: TextView;

  @ApiProperty(TEXT('526300010', '526300010'))
  after!: TextView;

  @ApiProperty({
    enum: ['due', 'kept', 'missed'],
    nullable: true,
    example: null,
    description: 'Of a promise: what became of the day that was promised before.',
  })
  beforeState!: PromiseState | null;

  @ApiProperty(TEXT('The chain was counted anew.', '公開台帳を再集計しました。'))
  announcement!: TextView;

  @ApiProperty({ example: '2018-03-10T02:00:00.000Z' })
  announcedAt!: string;
}

export class PublicIncidentView {
  @ApiProperty({ type: [PublicValueView] })
  facts!: PublicValueView[];

  @ApiProperty({ type: [PublicValueView], description: 'Events by their instant.' })
  timeline!: PublicValueView[];

  @ApiProperty({ type: [PublicPromiseView], description: 'By the promised day.' })
  promises!: PublicPromiseView[];

  @ApiProperty({ type: [PublicCorrectionView], description: 'Newest first.' })
  corrections!: PublicCorrectionView[];
}

export class FactVersionView {
  @ApiProperty({ example: '01932c07-209c-7e5f-8a3c-5a0c8f1f6a05' })
  id!: string;

  @ApiProperty({ example: 1 })
  version!: number;

  @ApiProperty({ enum: Object.values(IncidentVersionStatus), example: 'internal' })
  status!: IncidentVersionStatus;

  @ApiProperty(TEXT('523000000', '523000000'))
  value!: TextView;

  @ApiProperty({ enum: Object.values(IncidentUnit), example: 'XEM' })
  unit!: IncidentUnit;

  @ApiProperty({ example: false })
  approximate!: boolean;

  @ApiProperty(TEXT('Incident memo', '事案メモ'))
  source!: TextView;

  @ApiProperty({ type: String, nullable: true, example: null })
  asOf!: string | null;

  @ApiProperty({ type: [OtherValueView] })
  otherValues!: OtherValueView[];

  @ApiProperty({ ...TEXT('It is the announced number.', '公表された数量であるため。'), nullable: true })
  why!: TextView | null;

  @ApiProperty({ type: String, nullable: true, example: null })
  doneOn!: string | null;

  @ApiProperty({ enum: ['due', 'kept', 'missed'], nullable: true, example: null })
  promiseState!: PromiseState | null;

  @ApiProperty({ type: String, nullable: true, example: null, description: 'Of a correction, for staff.' })
  reason!: string | null;

  @ApiProperty({ ...TEXT('The chain was counted anew.', '公開台帳を再集計しました。'), nullable: true })
  announcement!: TextView | null;

  @ApiProperty({
    type: String,
    nullable: true,
    example: null,
    description: 'Staff; null for what the product came with.',
  })
  recordedBy!: string | null;

  @ApiProperty({ example: '2018-03-10T01:00:00.000Z' })
  createdAt!: string;

  @ApiProperty({ type: String, nullable: true, example: null })
  releasedAt!: string | null;
}

export class FactView {
  @ApiProperty({ example: 'xem-stolen' })
  key!: string;

  @ApiProperty({ enum: Object.values(IncidentFactKind), example: 'fact' })
  kind!: IncidentFactKind;

  @ApiProperty(TEXT('XEM stolen', '不正送金されたXEM'))
  label!: TextView;

  @ApiProperty({ type: Number, nullable: true, example: null, description: 'The version that the public reads.' })
  publicVersion!: number | null;

  @ApiProperty({ type: [FactVersionView], description: 'Newest first; of a list only the newest.' })
  versions!: FactVersionView[];
}

export class FactPage {
  @ApiProperty({ type: [FactView] })
  items!: FactView[];

  @ApiProperty({ type: String, nullable: true, example: null })
  nextCursor!: string | null;
}

export class FactReleaseView {
  @ApiProperty({ type: FactView })
  fact!: FactView;

  @ApiProperty({ type: ApprovalRequestView })
  approvalRequest!: ApprovalRequestView;
}
