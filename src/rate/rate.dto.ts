import { applyDecorators } from '@nestjs/common';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { ArrayMaxSize, IsArray, IsIn, IsISO8601, IsObject, Matches, ValidateNested } from 'class-validator';
import { RoundingRule } from '../platform/database/prisma.js';
import { MayBeLeftOut } from '../platform/http/may-be-left-out.decorator.js';

const ROUNDING_RULES = Object.values(RoundingRule);
const INSTANT = /^(19|20)\d{2}-\d{2}-\d{2}T([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,3})?)?(Z|[+-](0\d|1[0-4]):[0-5]\d)$/;

/** A time that means the same everywhere: a local time without offset would be another hour on another machine. */
function IsInstant(options: { each?: boolean } = {}): PropertyDecorator {
  const message = '$property must be a time with its offset, such as 2018-01-26T12:09:00+09:00';
  return applyDecorators(
    Matches(INSTANT, { ...options, message }),
    IsISO8601({ strict: true }, { ...options, message }),
  );
}

/** Text for people, over several lines if need be, without control characters. */
function IsText(most: number): PropertyDecorator {
  return Matches(new RegExp(`^(?!\\s)[^\\u0000-\\u0008\\u000b\\u000c\\u000e-\\u001f\\u007f]{1,${most}}$`, 'u'), {
    message: `$property must be text of 1 to ${most} characters that does not begin with a blank`,
  });
}

export class LegalWordingDto {
  @ApiProperty({ example: 'NEMの不正送金に伴う補償として、下記の金額を日本円残高に反映します。' })
  @IsText(10_000)
  ja!: string;

  @ApiProperty({ example: 'As compensation for the stolen NEM the amount below is added to your JPY balance.' })
  @IsText(10_000)
  en!: string;
}

export class ProposeRateDto {
  @ApiProperty({ example: '88.549', description: 'Above 0 and below 100000, with at most 8 decimals, as text.' })
  @Matches(/^(?!0+(\.0+)?$)(0|[1-9]\d{0,4})(\.\d{1,8})?$/, {
    message: 'priceJpyPerXem must be a plain decimal above 0 and below 100000 with at most 8 decimals, as text',
  })
  priceJpyPerXem!: string;

  @ApiProperty({ example: 'Volume-weighted average of Zaif XEM/JPY' })
  @IsText(500)
  method!: string;

  @ApiProperty({ example: '2018-01-26T12:09:00+09:00', description: 'Start of the window, which belongs to it.' })
  @IsInstant()
  windowStart!: string;

  @ApiProperty({ example: '2018-01-27T23:00:00+09:00', description: 'End of the window, which does not belong to it.' })
  @IsInstant()
  windowEnd!: string;

  @ApiPropertyOptional({
    type: [String],
    example: ['2018-01-26T12:38:00+09:00', '2018-01-26T12:57:00+09:00'],
    description: 'Other starts that evidence is computed for, to show how much the choice matters.',
  })
  @MayBeLeftOut()
  @IsArray()
  @ArrayMaxSize(5)
  @IsInstant({ each: true })
  alternativeStarts?: string[];

  @ApiPropertyOptional({
    type: [String],
    example: ['2018-01-28T02:41:00+09:00'],
    description: 'Other ends that evidence is computed for.',
  })
  @MayBeLeftOut()
  @IsArray()
  @ArrayMaxSize(5)
  @IsInstant({ each: true })
  alternativeEnds?: string[];

  @ApiProperty({
    enum: ROUNDING_RULES,
    default: 'half_up',
    description: 'How each amount becomes whole yen, once per claim.',
  })
  @MayBeLeftOut()
  @IsIn(ROUNDING_RULES)
  roundingRule: RoundingRule = 'half_up';

  @ApiProperty({ example: 'Notice of 2018-01-28 on compensation for NEM holders' })
  @IsText(2_000)
  sourceText!: string;

  @ApiProperty({
    type: LegalWordingDto,
    description: 'Under which customers are paid. The same text keeps its version, a new one gets the next.',
  })
  @IsObject()
  @ValidateNested()
  @Type(() => LegalWordingDto)
  legalWording!: LegalWordingDto;
}
