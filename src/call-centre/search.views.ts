import { ApiProperty } from '@nestjs/swagger';
import { CLAIM_STATES, type ClaimState } from '../claim/claim.state.js';
import { MATCH_REASONS, type MatchReason } from './search-question.js';

export class SpokenTextView {
  @ApiProperty({ example: 'The reading is this.' })
  en!: string;

  @ApiProperty({ example: '読みが一致' })
  ja!: string;
}

export class MatchView {
  @ApiProperty({ enum: MATCH_REASONS })
  code!: MatchReason;

  @ApiProperty({ type: SpokenTextView })
  text!: SpokenTextView;
}

export class FoundClaimView {
  @ApiProperty({ example: '475823653196' })
  claimNo!: string;

  @ApiProperty({ enum: CLAIM_STATES })
  status!: ClaimState;

  @ApiProperty({ example: false, description: 'Held for whatever reason.' })
  underReview!: boolean;

  @ApiProperty({ example: '109314' })
  amountJpy!: string;
}

/** Enough to see whether it is the caller, not enough to learn anything. */
export class FoundHolderView {
  @ApiProperty({ example: 'C00000017' })
  customerNo!: string;

  @ApiProperty({ type: MatchView })
  matched!: MatchView;

  @ApiProperty({
    example: false,
    description: 'Your own record or a relative’s: ask somebody else to look at it. All else is null.',
  })
  own!: boolean;

  @ApiProperty({ type: String, nullable: true, example: '佐* 誠' })
  name!: string | null;

  @ApiProperty({ type: String, nullable: true, example: 'サ** マ***' })
  nameKana!: string | null;

  @ApiProperty({ type: String, nullable: true, example: 'm***@***.jp' })
  email!: string | null;

  @ApiProperty({ type: String, nullable: true, example: '***-****-**78' })
  phone!: string | null;

  @ApiProperty({ type: FoundClaimView, nullable: true })
  claim!: FoundClaimView | null;
}

export class HolderSearchView {
  @ApiProperty({ type: [FoundHolderView] })
  items!: FoundHolderView[];

  @ApiProperty({ type: SpokenTextView, nullable: true, description: 'How to find fewer, or anybody at all.' })
  hint!: SpokenTextView | null;
}
