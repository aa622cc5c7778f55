import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsIn,
  IsInt,
  IsISO8601,
  Matches,
  Max,
  Min,
  ValidateNested,
} from 'class-validator';
import {
  CampaignKind,
  DeliveryRule,
  HolderKind,
  HolderLanguage,
  NotificationStatus,
} from '../platform/database/prisma.js';
import { PageQuery } from '../platform/pagination/page.js';
import { MayBeLeftOut } from '../platform/http/may-be-left-out.decorator.js';

const KINDS = Object.values(CampaignKind);
const RULES = Object.values(DeliveryRule);
const LANGUAGES = Object.values(HolderLanguage);
const HOLDER_KINDS = Object.values(HolderKind);
const MAIL_STATES = Object.values(NotificationStatus);

const MOST_WAVES = 50;
const INSTANT = /(Z|[+-]\d{2}:\d{2})$/;
/** Without control characters and without those that turn the direction of writing. */
const SUBJECT = /^(?!\s)[^\p{Cc}\u2028-\u202e\u2066-\u2069]{1,200}$/u;
const TEXT = /^(?!\s)(?:[^\p{Cc}\u2028-\u202e\u2066-\u2069]|\r?\n){1,10000}$/u;

export class WaveDto {
  @ApiPropertyOptional({ enum: LANGUAGES, description: 'Only holders with this language.' })
  @MayBeLeftOut()
  @IsIn(LANGUAGES)
  language?: HolderLanguage;

  @ApiPropertyOptional({ enum: HOLDER_KINDS, description: 'Only holders of this kind.' })
  @MayBeLeftOut()
  @IsIn(HOLDER_KINDS)
  holderKind?: HolderKind;

  @ApiPropertyOptional({
    example: 20_000,
    description: 'At most so many, in the order in which holders were imported.',
  })
  @MayBeLeftOut()
  @IsInt()
  @Min(1)
  @Max(10_000_000)
  mostRecipients?: number;

  @ApiProperty({ example: '2018-03-13T09:00:00+09:00' })
  @IsISO8601({ strict: true })
  @Matches(INSTANT, { message: 'startsAt must be a time with its offset, such as 2018-03-13T09:00:00+09:00' })
  startsAt!: string;

  @ApiProperty({ example: 5_000 })
  @IsInt()
  @Min(1)
  @Max(1_000_000)
  mailsPerHour!: number;

  @ApiPropertyOptional({ default: 9, description: 'Hour of the day in Japan from which mails go out.' })
  @MayBeLeftOut()
  @IsInt()
  @Min(0)
  @Max(23)
  fromHour: number = 9;

  @ApiPropertyOptional({ default: 18, description: 'Hour of the day in Japan at which mails stop.' })
  @MayBeLeftOut()
  @IsInt()
  @Min(1)
  @Max(24)
  toHour: number = 18;
}

export class WriteCampaignDto {
  @ApiProperty({ enum: KINDS })
  @IsIn(KINDS)
  kind!: CampaignKind;

  @ApiPropertyOptional({ enum: RULES, default: 'at_most_once' })
  @MayBeLeftOut()
  @IsIn(RULES)
  deliveryRule: DeliveryRule = 'at_most_once';

  @ApiPropertyOptional({ example: '1', description: 'The batch that a campaign of the kind credited is about.' })
  @MayBeLeftOut()
  @Matches(/^[1-9]\d{0,17}$/, { message: 'creditBatchId must be the id of a credit batch' })
  creditBatchId?: string;

  @ApiProperty({ example: '補償に関するお知らせ' })
  @Matches(SUBJECT, { message: 'subjectJa must be one line of 1 to 200 characters' })
  subjectJa!: string;

  @ApiProperty({ example: 'About your compensation' })
  @Matches(SUBJECT, { message: 'subjectEn must be one line of 1 to 200 characters' })
  subjectEn!: string;

  @ApiProperty({
    example: '{{name}} 様\n\nお客様番号の末尾 {{customerNoEnd}} の補償についてお知らせします。お手続きは不要です。',
  })
  @Matches(TEXT, { message: 'textJa must be text of 1 to 10000 characters' })
  textJa!: string;

  @ApiProperty({
    example: 'Dear {{name}},\n\nthis is about the compensation of customer …{{customerNoEnd}}. You need do nothing.',
  })
  @Matches(TEXT, { message: 'textEn must be text of 1 to 10000 characters' })
  textEn!: string;

  @ApiProperty({ type: [WaveDto] })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(MOST_WAVES)
  @ValidateNested({ each: true })
  @Type(() => WaveDto)
  waves!: WaveDto[];
}

export class MailQuery extends PageQuery {
  @ApiPropertyOptional({ enum: MAIL_STATES, description: 'Only mails in this state; unsent ones say why.' })
  @MayBeLeftOut()
  @IsIn(MAIL_STATES)
  status?: NotificationStatus;
}

export class ResendDto {
  @ApiProperty({ example: 'The customer deleted it by mistake and asked for it on the phone.' })
  @Matches(/^(?!\s)[^\p{Cc}\u2028-\u202e\u2066-\u2069]{1,500}$/u, {
    message: 'reason must be one line of 1 to 500 characters',
  })
  reason!: string;
}
