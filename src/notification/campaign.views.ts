import { ApiProperty } from '@nestjs/swagger';
import { ApprovalRequestView } from '../approval/approval.dto.js';
import {
  CampaignKind,
  CampaignStatus,
  DeliveryRule,
  MailWaveStatus,
  NotificationStatus,
  UnsentReason,
} from '../platform/database/prisma.js';

export class CountView {
  @ApiProperty({ type: String, nullable: true, example: 'no_address', description: 'Null: these get the mail.' })
  unsentReason!: UnsentReason | null;

  @ApiProperty({ example: '1203' })
  count!: string;
}

export class MailCountView {
  @ApiProperty({ enum: Object.values(NotificationStatus) })
  status!: NotificationStatus;

  @ApiProperty({ type: String, nullable: true, example: null })
  unsentReason!: UnsentReason | null;

  @ApiProperty({ example: '258700' })
  count!: string;
}

export class WaveView {
  @ApiProperty({ example: 1 })
  seq!: number;

  @ApiProperty({ enum: Object.values(MailWaveStatus) })
  status!: MailWaveStatus;

  @ApiProperty({
    type: String,
    nullable: true,
    example: null,
    description: 'batch_not_completed or books_not_balanced: why it has not started.',
  })
  waitsFor!: string | null;

  @ApiProperty({ type: String, nullable: true, example: 'ja' })
  language!: string | null;

  @ApiProperty({ type: String, nullable: true, example: null })
  holderKind!: string | null;

  @ApiProperty({ type: Number, nullable: true, example: 20_000 })
  mostRecipients!: number | null;

  @ApiProperty({ example: '2018-03-13T00:00:00.000Z' })
  startsAt!: string;

  @ApiProperty({ example: 5_000 })
  mailsPerHour!: number;

  @ApiProperty({ example: 9 })
  fromHour!: number;

  @ApiProperty({ example: 18 })
  toHour!: number;

  @ApiProperty({ type: String, nullable: true, example: null })
  startedAt!: string | null;

  @ApiProperty({ type: String, nullable: true, example: null })
  finishedAt!: string | null;

  @ApiProperty({ type: [MailCountView], description: 'Progress: mails by state; nothing before the wave starts.' })
  mails!: MailCountView[];
}

export class CampaignView {
  @ApiProperty({ example: '01932c07-209c-7e5f-8a3c-5a0c8f1f6a05' })
  id!: string;

  @ApiProperty({ enum: Object.values(CampaignKind) })
  kind!: CampaignKind;

  @ApiProperty({ enum: Object.values(DeliveryRule) })
  deliveryRule!: DeliveryRule;

  @ApiProperty({ type: String, nullable: true, example: null })
  creditBatchId!: string | null;

  @ApiProperty({ enum: Object.values(CampaignStatus) })
  status!: CampaignStatus;

  @ApiProperty({ example: '補償に関するお知らせ' })
  subjectJa!: string;

  @ApiProperty({ example: 'About your compensation' })
  subjectEn!: string;

  @ApiProperty({ example: '{{name}} 様' })
  textJa!: string;

  @ApiProperty({ example: 'Dear {{name}}' })
  textEn!: string;

  @ApiProperty({ example: '01932c07-209c-7e5f-8a3c-5a0c8f1f6a03' })
  madeBy!: string;

  @ApiProperty({ example: '2018-03-12T01:00:00.000Z' })
  createdAt!: string;

  @ApiProperty({ type: String, nullable: true, example: null })
  releasedAt!: string | null;

  @ApiProperty({ type: [WaveView] })
  waves!: WaveView[];
}

export class SubmittedCampaignView extends CampaignView {
  @ApiProperty({ type: ApprovalRequestView })
  approvalRequest!: ApprovalRequestView;
}

export class CampaignPage {
  @ApiProperty({ type: [CampaignView] })
  items!: CampaignView[];

  @ApiProperty({ type: String, nullable: true, example: null })
  nextCursor!: string | null;
}

export class SampleMailView {
  @ApiProperty({ example: 'C0000000001' })
  customerNo!: string;

  @ApiProperty({ example: '補償に関するお知らせ' })
  subject!: string;

  @ApiProperty({ example: '佐** 様\n\nお客様番号の末尾 0001 の補償についてお知らせします。' })
  text!: string;

  @ApiProperty({ example: '<!doctype html><html lang="ja"><body><p>佐** 様</p></body></html>' })
  html!: string;
}

export class WavePreviewView {
  @ApiProperty({ example: 1 })
  seq!: number;

  @ApiProperty({ type: [CountView], description: 'As if this wave were the first to start.' })
  recipients!: CountView[];

  @ApiProperty({ type: [SampleMailView], description: 'The mail to the first few, with their names masked.' })
  samples!: SampleMailView[];
}

export class CampaignPreviewView {
  @ApiProperty({ type: CampaignView })
  campaign!: CampaignView;

  @ApiProperty({ type: [WavePreviewView] })
  waves!: WavePreviewView[];
}

export class MailView {
  @ApiProperty({ example: '1' })
  id!: string;

  @ApiProperty({ example: 'C0000000001' })
  customerNo!: string;

  @ApiProperty({ enum: Object.values(NotificationStatus) })
  status!: NotificationStatus;

  @ApiProperty({ type: String, nullable: true, example: null })
  unsentReason!: UnsentReason | null;

  @ApiProperty({ example: '<0b5c1f0e-6a39-4b5a-9d1c-6b0c3f9b8f11@mail.henkin>' })
  messageId!: string;

  @ApiProperty({ example: 1 })
  attempts!: number;

  @ApiProperty({
    type: Number,
    nullable: true,
    example: null,
    description: 'What the mail server answered last, if it was not acceptance.',
  })
  smtpCode!: number | null;

  @ApiProperty({ type: String, nullable: true, example: null })
  resendOf!: string | null;

  @ApiProperty({ type: String, nullable: true, example: null })
  resendReason!: string | null;

  @ApiProperty({ example: '2018-03-13T00:00:05.000Z' })
  changedAt!: string;
}

export class MailPage {
  @ApiProperty({ type: [MailView] })
  items!: MailView[];

  @ApiProperty({ type: String, nullable: true, example: null })
  nextCursor!: string | null;
}
