import { ApiProperty } from '@nestjs/swagger';
import { ClaimView, WITHDRAWAL_RESTRICTIONS, type WithdrawalRestriction } from '../claim/claim.views.js';
import { CREDIT_BATCH_STATES, type CreditBatchState } from '../credit-batch/credit-batch.state.js';

const ACCOUNT_STATES = ['open', 'restricted', 'closed', 'deceased'] as const;
const IDENTITY_STATES = ['none', 'submitted', 'returned', 'verified'] as const;

export class ClaimBatchView {
  @ApiProperty({ example: '2' })
  id!: string;

  @ApiProperty({ enum: CREDIT_BATCH_STATES })
  status!: CreditBatchState;

  @ApiProperty({ example: 'NEM補償金' })
  label!: string;

  @ApiProperty({ example: '2018-03-12' })
  postingDate!: string;
}

export class HolderClaimView extends ClaimView {
  @ApiProperty({ type: ClaimBatchView, nullable: true, description: 'The batch that will credit it, or has.' })
  creditBatch!: ClaimBatchView | null;
}

/** A person as staff see them before a caller check: masked. */
export class HolderView {
  @ApiProperty({ example: 'C00000017' })
  customerNo!: string;

  @ApiProperty({ enum: ['individual', 'corporate'] })
  kind!: 'individual' | 'corporate';

  @ApiProperty({ type: String, nullable: true, example: '山* 太*' })
  name!: string | null;

  @ApiProperty({ type: String, nullable: true, example: 'ヤ** タ**' })
  nameKana!: string | null;

  @ApiProperty({ type: String, nullable: true, example: 't***@***.jp' })
  email!: string | null;

  @ApiProperty({ type: String, nullable: true, example: '***-****-**42' })
  phone!: string | null;

  @ApiProperty({ example: 'JP' })
  country!: string;

  @ApiProperty({ enum: ['ja', 'en'] })
  language!: 'ja' | 'en';

  @ApiProperty({ enum: ACCOUNT_STATES })
  accountStatus!: (typeof ACCOUNT_STATES)[number];

  @ApiProperty({ enum: IDENTITY_STATES })
  identityStatus!: (typeof IDENTITY_STATES)[number];

  @ApiProperty({
    enum: WITHDRAWAL_RESTRICTIONS,
    type: String,
    nullable: true,
    description: 'Why a credited amount cannot be withdrawn yet.',
  })
  withdrawalRestriction!: WithdrawalRestriction | null;

  @ApiProperty({ type: [HolderClaimView] })
  claims!: HolderClaimView[];
}
