import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { ApprovalRequestView } from '../approval/approval.dto.js';
import { CLAIM_STATES, VERDICTS, type ClaimState, type Verdict } from './claim.state.js';

export const WITHDRAWAL_RESTRICTIONS = ['deceased', 'restricted', 'identity_not_verified'] as const;
export type WithdrawalRestriction = (typeof WITHDRAWAL_RESTRICTIONS)[number];

export class ClaimDecisionView {
  @ApiProperty({ example: 1 })
  version!: number;

  @ApiProperty({ enum: Object.keys(VERDICTS) })
  decision!: Verdict;

  @ApiProperty({ example: 'balance_confirmed' })
  reasonCode!: string;

  @ApiProperty({ type: String, nullable: true, example: null })
  reasonText!: string | null;

  @ApiProperty({ example: '01932c07-209c-7e5f-8a3c-5a0c8f1f6a03' })
  decidedBy!: string;

  @ApiProperty({ type: String, nullable: true, example: '1' })
  approvalRunId!: string | null;

  @ApiProperty({ example: '2018-03-10T02:00:00.000Z' })
  decidedAt!: string;
}

/** Only compliance gets this; everyone else reads `underReview`. */
export class ClaimHoldView {
  @ApiProperty({ example: '7' })
  id!: string;

  @ApiProperty({ enum: ['open', 'confidential'] })
  visibility!: string;

  @ApiProperty({ enum: ['proposed', 'active', 'refused', 'released'] })
  status!: string;

  @ApiProperty({ example: 'sanctions' })
  reasonCode!: string;

  @ApiProperty({ example: 'On the list of 2018-03-09.' })
  reasonText!: string;

  @ApiProperty({ type: String, nullable: true, example: 'MOF' })
  authority!: string | null;

  @ApiProperty({ type: String, nullable: true, example: '2018-117' })
  caseNumber!: string | null;

  @ApiProperty({ type: String, nullable: true, example: '01932c07-209c-7e5f-8a3c-5a0c8f1f6a03' })
  placedBy!: string | null;

  @ApiProperty({ example: '2018-03-10T02:00:00.000Z' })
  placedAt!: string;

  @ApiProperty({ type: String, nullable: true, example: null })
  releasedAt!: string | null;
}

export class ClaimView {
  @ApiProperty({ example: '475823653196', description: '12 digits; people read them as 4758-2365-3196.' })
  claimNo!: string;

  @ApiProperty({ example: 'C00000017' })
  customerNo!: string;

  @ApiProperty({ enum: CLAIM_STATES })
  status!: ClaimState;

  @ApiProperty({ example: false, description: 'Held for whatever reason: neither approved nor credited.' })
  underReview!: boolean;

  @ApiProperty({ example: '1234.500000' })
  quantityXem!: string;

  @ApiProperty({ example: '88.549' })
  priceJpyPerXem!: string;

  @ApiProperty({ enum: ['half_up', 'up', 'down'] })
  roundingRule!: string;

  @ApiProperty({ example: '109314' })
  amountJpy!: string;

  @ApiProperty({
    enum: WITHDRAWAL_RESTRICTIONS,
    nullable: true,
    type: String,
    description: 'Credited all the same, but not withdrawable until this is resolved.',
  })
  withdrawalRestriction!: WithdrawalRestriction | null;

  @ApiProperty({ example: '01932c07-209c-7e5f-8a3c-5a0c8f1f6a05' })
  rateId!: string;

  @ApiProperty({ example: '2018-03-09T02:00:00.000Z' })
  createdAt!: string;
}

export class ClaimDetailView extends ClaimView {
  @ApiProperty({ type: [ClaimDecisionView] })
  decisions!: ClaimDecisionView[];

  @ApiPropertyOptional({ type: [ClaimHoldView], description: 'For compliance only.' })
  holds?: ClaimHoldView[];
}

export class ClaimChangeView {
  @ApiProperty({ type: ClaimDetailView })
  claim!: ClaimDetailView;

  @ApiProperty({
    type: ApprovalRequestView,
    nullable: true,
    description: 'The approval request when a second person is needed; then nothing has changed yet.',
  })
  approvalRequest!: ApprovalRequestView | null;
}

export class OpenedClaimsView {
  @ApiProperty({ example: '260000' })
  count!: string;

  @ApiProperty({ example: '46311127123' })
  totalJpy!: string;

  @ApiProperty({ example: '523000000.000000' })
  quantityXem!: string;

  @ApiProperty({ example: '312', description: 'Claims held at once because their account is closed.' })
  heldNoWallet!: string;
}

export class ClaimPage {
  @ApiProperty({ type: [ClaimView] })
  items!: ClaimView[];

  @ApiProperty({ type: String, nullable: true, example: null })
  nextCursor!: string | null;
}
