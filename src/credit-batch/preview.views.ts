import { ApiProperty } from '@nestjs/swagger';

/** So many claims, worth so much. */
export class AmountView {
  @ApiProperty({ example: '259900' })
  count!: string;

  @ApiProperty({ example: '46290000000' })
  sumJpy!: string;
}

export class ReasonAmountView extends AmountView {
  @ApiProperty({ example: 'under_review' })
  reason!: string;
}

export class AmountClassView extends AmountView {
  @ApiProperty({ example: '1000', description: 'From this amount up to ten times as much.' })
  fromJpy!: string;
}

export class PreviewClaimView {
  @ApiProperty({ example: '402135792465' })
  claimNo!: string;

  @ApiProperty({ example: 'C00000017' })
  customerNo!: string;

  @ApiProperty({ example: '88549000' })
  amountJpy!: string;
}

export class CreditBatchPreviewView {
  @ApiProperty({ example: '259900' })
  count!: string;

  @ApiProperty({ example: '46290000000' })
  totalJpy!: string;

  @ApiProperty({ example: 'NEM補償金' })
  label!: string;

  @ApiProperty({ example: '2018-03-12' })
  postingDate!: string;

  @ApiProperty({ example: '2018-03-12T03:00:00.000Z' })
  notBefore!: string;

  @ApiProperty({ type: PreviewClaimView, nullable: true })
  smallest!: PreviewClaimView | null;

  @ApiProperty({ type: [PreviewClaimView], description: 'The ten largest, the largest first.' })
  tenLargest!: PreviewClaimView[];

  @ApiProperty({ type: [AmountClassView], description: 'By powers of ten.' })
  distribution!: AmountClassView[];

  @ApiProperty({
    type: [ReasonAmountView],
    description: 'Claims that the filter meets and the batch does not hold, by reason.',
  })
  excluded!: ReasonAmountView[];

  @ApiProperty({
    type: [ReasonAmountView],
    description: 'Items that would be skipped if the batch ran now, or have been, by reason.',
  })
  skipped!: ReasonAmountView[];

  @ApiProperty({ type: AmountView, description: 'Items that belong to staff or their declared relatives.' })
  claimsOfStaff!: AmountView;
}
