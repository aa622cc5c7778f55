import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Transform, Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsBoolean,
  IsIn,
  IsObject,
  IsString,
  Length,
  Matches,
  MaxLength,
  ValidateNested,
} from 'class-validator';
import { PageQuery } from '../platform/pagination/page.js';
import { CLAIM_STATES, VERDICTS, type ClaimState, type Verdict } from './claim.state.js';
import { MayBeLeftOut } from '../platform/http/may-be-left-out.decorator.js';
import { CUSTOMER_NO } from '../holder/person.rules.js';

const YEN = { pattern: /^(0|[1-9]\d{0,14})$/, message: '$property must be whole yen as a decimal string' };
const REASON_CODE = { pattern: /^[a-z_]{1,40}$/, message: 'reasonCode must be a word such as balance_confirmed' };
const VERDICT_NAMES = Object.keys(VERDICTS) as Verdict[];

export class ClaimListQuery extends PageQuery {
  @ApiPropertyOptional({ enum: CLAIM_STATES })
  @MayBeLeftOut()
  @IsIn(CLAIM_STATES)
  status?: ClaimState;

  @ApiPropertyOptional({ type: Boolean, description: 'Only claims that are, or are not, under review.' })
  @MayBeLeftOut()
  @Transform(({ value }) => (value === 'true' ? true : value === 'false' ? false : value))
  @IsBoolean({ message: 'underReview must be true or false' })
  underReview?: boolean;

  @ApiPropertyOptional({ example: '1000001' })
  @MayBeLeftOut()
  @Matches(YEN.pattern, YEN)
  minAmountJpy?: string;

  @ApiPropertyOptional({ example: '1000000' })
  @MayBeLeftOut()
  @Matches(YEN.pattern, YEN)
  maxAmountJpy?: string;

  @ApiPropertyOptional({ example: 'C00000017' })
  @MayBeLeftOut()
  @MaxLength(32)
  customerNo?: string;
}

export class DecideClaimDto {
  @ApiProperty({ enum: VERDICT_NAMES })
  @IsIn(VERDICT_NAMES)
  decision!: Verdict;

  @ApiProperty({ example: 'balance_confirmed' })
  @Matches(REASON_CODE.pattern, REASON_CODE)
  reasonCode!: string;

  @ApiPropertyOptional({ maxLength: 2000 })
  @MayBeLeftOut()
  @IsString()
  @MaxLength(2000)
  reasonText?: string;
}

export const OPEN_HOLD_REASONS = [
  'name_mismatch',
  'balance_disputed',
  'contact_changed',
  'document_missing',
  'duplicate_suspected',
  'other',
] as const;
export const CONFIDENTIAL_HOLD_REASONS = [
  'suspicious_transaction',
  'sanctions',
  'anti_social_forces',
  'investigation',
  'court_attachment',
  'tax_attachment',
] as const;
const HOLD_REASONS = [...OPEN_HOLD_REASONS, ...CONFIDENTIAL_HOLD_REASONS];

export class PlaceHoldDto {
  @ApiProperty({ enum: ['open', 'confidential'] })
  @IsIn(['open', 'confidential'])
  visibility!: 'open' | 'confidential';

  @ApiProperty({ enum: HOLD_REASONS })
  @IsIn(HOLD_REASONS)
  reasonCode!: (typeof HOLD_REASONS)[number];

  @ApiProperty({ example: 'The name on the identity document differs.' })
  @IsString()
  @Length(1, 2000)
  reasonText!: string;

  @ApiPropertyOptional({ example: '警視庁', description: 'Required for confidential holds.' })
  @MayBeLeftOut()
  @IsString()
  @Length(1, 200)
  authority?: string;

  @ApiPropertyOptional({ example: '平成30年(ヨ)第123号', description: 'Required for confidential holds.' })
  @MayBeLeftOut()
  @IsString()
  @Length(1, 100)
  caseNumber?: string;
}

export class ReleaseHoldDto {
  @ApiProperty({ example: 'The document was corrected.' })
  @IsString()
  @Length(1, 2000)
  releaseReason!: string;

  @ApiPropertyOptional({ example: '7', description: 'Which confidential hold; compliance only.' })
  @MayBeLeftOut()
  @Matches(/^\d{1,18}$/, { message: 'holdId must be the number of a hold' })
  holdId?: string;
}

export class ClaimFilterDto {
  @ApiPropertyOptional({ example: '1' })
  @MayBeLeftOut()
  @Matches(YEN.pattern, YEN)
  minAmountJpy?: string;

  @ApiPropertyOptional({ example: '1000000' })
  @MayBeLeftOut()
  @Matches(YEN.pattern, YEN)
  maxAmountJpy?: string;

  @ApiPropertyOptional({ type: [String], example: ['C00000017'] })
  @MayBeLeftOut()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(10_000)
  @Matches(CUSTOMER_NO, { each: true, message: 'customerNos must be customer numbers' })
  customerNos?: string[];
}

export class ApprovalRunDto {
  @ApiProperty({ type: ClaimFilterDto, description: 'All conditions together; {} means all pending claims.' })
  @IsObject()
  @ValidateNested()
  @Type(() => ClaimFilterDto)
  filter!: ClaimFilterDto;

  @ApiProperty({ description: 'true: only say what would happen.' })
  @IsBoolean()
  dryRun!: boolean;

  @ApiProperty({ example: 'balance_confirmed' })
  @Matches(REASON_CODE.pattern, REASON_CODE)
  reasonCode!: string;

  @ApiPropertyOptional({ maxLength: 2000 })
  @MayBeLeftOut()
  @IsString()
  @MaxLength(2000)
  reasonText?: string;
}
