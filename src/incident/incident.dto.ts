import { applyDecorators } from '@nestjs/common';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsISO8601,
  IsObject,
  Matches,
  Max,
  Min,
  ValidateNested,
} from 'class-validator';
import { IncidentFactKind, IncidentUnit } from '../platform/database/prisma.js';
import { IsPlainText } from '../platform/http/plain-text.decorator.js';
import { MayBeLeftOut } from '../platform/http/may-be-left-out.decorator.js';

const KINDS = Object.values(IncidentFactKind);
const UNITS = Object.values(IncidentUnit);
const INSTANT = /^20\d{2}-\d{2}-\d{2}T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(Z|[+-](0\d|1[0-4]):[0-5]\d)$/;

function IsInstant(): PropertyDecorator {
  const message = '$property must be a time with its offset, such as 2018-01-26T12:09:00+09:00';
  return applyDecorators(Matches(INSTANT, { message }), IsISO8601({ strict: true }, { message }));
}

export class LabelDto {
  @ApiProperty({ example: 'XEM stolen' })
  @IsPlainText(200)
  en!: string;

  @ApiProperty({ example: '不正送金されたXEM' })
  @IsPlainText(200)
  ja!: string;
}

export class SourceDto {
  @ApiProperty({ example: 'Public NEM ledger' })
  @IsPlainText(500)
  en!: string;

  @ApiProperty({ example: 'NEMの公開台帳' })
  @IsPlainText(500)
  ja!: string;
}

export class WordsDto {
  @ApiProperty({ example: '526300010' })
  @IsPlainText(1_000)
  en!: string;

  @ApiProperty({ example: '526300010' })
  @IsPlainText(1_000)
  ja!: string;
}

export class OtherValueDto {
  @ApiProperty({ type: WordsDto })
  @IsObject()
  @ValidateNested()
  @Type(() => WordsDto)
  value!: WordsDto;

  @ApiProperty({ type: SourceDto })
  @IsObject()
  @ValidateNested()
  @Type(() => SourceDto)
  source!: SourceDto;

  @ApiPropertyOptional({ example: '2018-01-26T08:26:00+09:00' })
  @MayBeLeftOut()
  @IsInstant()
  asOf?: string;

  @ApiPropertyOptional({ type: WordsDto })
  @MayBeLeftOut()
  @IsObject()
  @ValidateNested()
  @Type(() => WordsDto)
  note?: WordsDto;
}

/** What every version of a fact says. */
export class VersionDto {
  @ApiProperty({ type: WordsDto, description: 'The value that is used; only words differ between languages.' })
  @IsObject()
  @ValidateNested()
  @Type(() => WordsDto)
  value!: WordsDto;

  @ApiProperty({ enum: UNITS, example: 'XEM' })
  @IsIn(UNITS)
  unit!: IncidentUnit;

  @ApiPropertyOptional({ type: Boolean, default: false })
  @MayBeLeftOut()
  @IsBoolean()
  approximate: boolean = false;

  @ApiProperty({ type: SourceDto })
  @IsObject()
  @ValidateNested()
  @Type(() => SourceDto)
  source!: SourceDto;

  @ApiPropertyOptional({ example: '2018-01-26T23:59:59+09:00', description: 'Left out where the source does not say.' })
  @MayBeLeftOut()
  @IsInstant()
  asOf?: string;

  @ApiPropertyOptional({ type: [OtherValueDto] })
  @MayBeLeftOut()
  @IsArray()
  @ArrayMaxSize(20)
  @ValidateNested({ each: true })
  @Type(() => OtherValueDto)
  otherValues: OtherValueDto[] = [];

  @ApiPropertyOptional({ type: WordsDto, description: 'Why this value is used; required with other values.' })
  @MayBeLeftOut()
  @IsObject()
  @ValidateNested()
  @Type(() => WordsDto)
  why?: WordsDto;

  @ApiPropertyOptional({ example: '2018-03-12', description: 'Of a promise: the day in Japan on which it was done.' })
  @MayBeLeftOut()
  @Matches(/^20\d{2}-\d{2}-\d{2}$/, { message: 'doneOn must be a day such as 2018-03-12' })
  doneOn?: string;
}

export class RecordFactDto extends VersionDto {
  @ApiProperty({ example: 'xem-stolen' })
  @Matches(/^[a-z][a-z0-9-]{1,59}$/, { message: 'key must be 2 to 60 small letters, digits and hyphens' })
  key!: string;

  @ApiProperty({ enum: KINDS, example: 'fact' })
  @IsIn(KINDS)
  kind!: IncidentFactKind;

  @ApiProperty({ type: LabelDto })
  @IsObject()
  @ValidateNested()
  @Type(() => LabelDto)
  label!: LabelDto;
}

export class CorrectFactDto extends VersionDto {
  @ApiProperty({
    example: 1,
    description: 'The version that is corrected, so that nobody corrects what they have not read.',
  })
  @IsInt()
  @Min(1)
  @Max(100_000)
  corrects!: number;

  @ApiProperty({ example: 'The chain was counted anew.', description: 'For staff.' })
  @IsPlainText(1_000)
  reason!: string;

  @ApiPropertyOptional({ type: WordsDto, description: 'For the public; required once a version is public.' })
  @MayBeLeftOut()
  @IsObject()
  @ValidateNested()
  @Type(() => WordsDto)
  announcement?: WordsDto;
}

export class ReleaseFactDto {
  @ApiProperty({ example: 1, description: 'The version to publish, which must be the latest.' })
  @IsInt()
  @Min(1)
  @Max(100_000)
  version!: number;
}
