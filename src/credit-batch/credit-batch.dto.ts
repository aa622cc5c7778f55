import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  ArrayUnique,
  IsArray,
  IsDefined,
  IsInt,
  IsISO8601,
  IsString,
  Matches,
  Max,
  Min,
  ValidateNested,
} from 'class-validator';
import { MayBeLeftOut } from '../platform/http/may-be-left-out.decorator.js';

const YEN = { pattern: /^(0|[1-9]\d{0,14})$/, message: '$property must be whole yen as a decimal string' };
const DAY = { pattern: /^\d{4}-\d{2}-\d{2}$/, message: '$property must be a day such as 2018-03-12' };
const INSTANT = { pattern: /T.*(Z|[+-]\d{2}:\d{2})$/, message: '$property must be a time with its offset' };
const LABEL = { pattern: /^(?!\s)[^\p{Cc}]{1,40}(?<!\s)$/u, message: 'label must be 1 to 40 characters on one line' };

export class CreditBatchFilterDto {
  @ApiPropertyOptional({ example: '1000', description: 'Only claims of at least this much.' })
  @MayBeLeftOut()
  @Matches(YEN.pattern, YEN)
  minAmountJpy?: string;

  @ApiPropertyOptional({ example: '1000000', description: 'Only claims up to this much.' })
  @MayBeLeftOut()
  @Matches(YEN.pattern, YEN)
  maxAmountJpy?: string;

  @ApiPropertyOptional({ type: [String], example: ['C00000017'], description: 'Only these customers.' })
  @MayBeLeftOut()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(10_000)
  @ArrayUnique()
  @IsString({ each: true })
  @Matches(/^[!-~]{1,64}$/, { each: true, message: 'customerNos must be customer numbers' })
  customerNos?: string[];

  @ApiPropertyOptional({
    example: 100,
    minimum: 1,
    maximum: 10_000,
    description:
      'A pilot: so many of the selected claims, evenly over all sizes, the smallest and the largest included.',
  })
  @MayBeLeftOut()
  @IsInt()
  @Min(1)
  @Max(10_000)
  sampleSize?: number;
}

export class DraftCreditBatchDto {
  @ApiProperty({ type: CreditBatchFilterDto, description: 'Which approved claims; {} means all.' })
  @IsDefined()
  @ValidateNested()
  @Type(() => CreditBatchFilterDto)
  filter!: CreditBatchFilterDto;

  @ApiProperty({
    example: '2018-03-12',
    description: 'The JST day under which every credit is posted, whatever the clock.',
  })
  @Matches(DAY.pattern, DAY)
  @IsISO8601({ strict: true }, { message: 'postingDate must be a day that exists' })
  postingDate!: string;

  @ApiProperty({ example: '2018-03-12T12:00:00+09:00', description: 'Crediting does not begin before this.' })
  @Matches(INSTANT.pattern, INSTANT)
  @IsISO8601({ strict: true }, { message: 'notBefore must be a time that exists' })
  notBefore!: string;

  @ApiPropertyOptional({
    example: 'NEM補償金',
    default: 'NEM補償金',
    description: 'What customers read beside the amount.',
  })
  @MayBeLeftOut()
  @Matches(LABEL.pattern, LABEL)
  label: string = 'NEM補償金';
}

export class SubmitCreditBatchDto {
  @ApiProperty({ example: '46311127000', description: 'The total as typed from the finance paper.' })
  @Matches(YEN.pattern, YEN)
  controlTotalJpy!: string;

  @ApiPropertyOptional({
    example: '2018-03-13',
    description: 'A new posting date, when the one of the draft has passed.',
  })
  @MayBeLeftOut()
  @Matches(DAY.pattern, DAY)
  @IsISO8601({ strict: true }, { message: 'postingDate must be a day that exists' })
  postingDate?: string;

  @ApiPropertyOptional({ example: '2018-03-13T12:00:00+09:00' })
  @MayBeLeftOut()
  @Matches(INSTANT.pattern, INSTANT)
  @IsISO8601({ strict: true }, { message: 'notBefore must be a time that exists' })
  notBefore?: string;
}

export class PauseCreditBatchDto {
  @ApiPropertyOptional({ example: 'The bank asked us to wait.', default: 'paused by finance', maxLength: 500 })
  @MayBeLeftOut()
  @Matches(/^(?!\s*$)[^\p{Cc}]{1,500}$/u, { message: 'reason must be 1 to 500 characters on one line' })
  reason: string = 'paused by finance';
}
