import { ApiProperty } from '@nestjs/swagger';
import { CUSTOMER_CLAIM_STATES, type CustomerClaimState } from './customer-claim.state.js';
import { CUSTOMER_REASONS, type CustomerReason } from './customer-claim.state.js';

export class TextView {
  @ApiProperty({ example: 'Under review' })
  en!: string;

  @ApiProperty({ example: '確認中' })
  ja!: string;
}

export class CustomerStateView {
  @ApiProperty({ enum: CUSTOMER_CLAIM_STATES })
  code!: CustomerClaimState;

  @ApiProperty({ type: TextView })
  text!: TextView;
}

export class CustomerReasonView {
  @ApiProperty({ enum: CUSTOMER_REASONS })
  code!: CustomerReason;

  @ApiProperty({ type: TextView })
  text!: TextView;
}

export class QuantityPartsView {
  @ApiProperty({ example: '1000.000000' })
  availableXem!: string;

  @ApiProperty({ example: '200.000000' })
  inOrderXem!: string;

  @ApiProperty({ example: '34.500000' })
  lentXem!: string;

  @ApiProperty({ example: '0.000000' })
  inTransitXem!: string;
}

export class CustomerQuantityView {
  @ApiProperty({ example: '1234.500000' })
  quantityXem!: string;

  @ApiProperty({ example: '2018-01-26T14:59:59Z', description: 'The instant at which it was counted.' })
  asOf!: string;

  @ApiProperty({ type: QuantityPartsView, nullable: true })
  parts!: QuantityPartsView | null;
}

export class CustomerAmountView {
  @ApiProperty({ example: '88.549' })
  priceJpyPerXem!: string;

  @ApiProperty({ example: '109314' })
  amountJpy!: string;

  @ApiProperty({ type: TextView, example: { en: '1,234.5 XEM × 88.549 JPY = …', ja: '1,234.5 XEM × 88.549円 = …' } })
  calculation!: TextView;
}

export class CustomerEventView {
  @ApiProperty({ example: '2018-03-12T01:00:00Z' })
  at!: string;

  @ApiProperty({ type: TextView })
  text!: TextView;
}

export class CustomerCreditView {
  @ApiProperty({ example: '2018-03-12' })
  postingDate!: string;

  @ApiProperty({ example: 'NEM補償金' })
  label!: string;

  @ApiProperty({ example: '109314' })
  amountJpy!: string;

  @ApiProperty({ enum: ['possible', 'identity_check_needed', 'ask_us'], description: 'Can it be withdrawn?' })
  withdrawal!: 'possible' | 'identity_check_needed' | 'ask_us';
}

export class CustomerClaimView {
  @ApiProperty({ example: 'C00000017' })
  customerNo!: string;

  @ApiProperty({ type: String, nullable: true, example: '4758-2365-3196' })
  claimNo!: string | null;

  @ApiProperty({ type: CustomerStateView })
  state!: CustomerStateView;

  @ApiProperty({ type: CustomerReasonView, nullable: true })
  reason!: CustomerReasonView | null;

  @ApiProperty({ type: CustomerQuantityView, nullable: true })
  quantity!: CustomerQuantityView | null;

  @ApiProperty({ type: CustomerAmountView, nullable: true, description: 'Null until it is known.' })
  amount!: CustomerAmountView | null;

  @ApiProperty({ type: CustomerCreditView, nullable: true, description: 'Null until it is credited.' })
  credit!: CustomerCreditView | null;

  @ApiProperty({ type: [CustomerEventView], description: 'What has happened, oldest first.' })
  history!: CustomerEventView[];

  @ApiProperty({ type: TextView, description: 'What happens next, and what there is to do.' })
  next!: TextView;

  @ApiProperty({ type: TextView })
  warning!: TextView;
}

export class CustomerTransactionView {
  @ApiProperty({ example: '7' })
  id!: string;

  @ApiProperty({ example: '2018-03-12' })
  postingDate!: string;

  @ApiProperty({ example: 'NEM補償金' })
  label!: string;

  @ApiProperty({ example: '109314' })
  amountJpy!: string;
}

export class CustomerTransactionPage {
  @ApiProperty({ type: [CustomerTransactionView] })
  items!: CustomerTransactionView[];

  @ApiProperty({ type: String, nullable: true, example: null })
  nextCursor!: string | null;
}
