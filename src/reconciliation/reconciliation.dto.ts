import { ApiProperty } from '@nestjs/swagger';
import type { CheckName, ProgrammeState } from './reconciliation.amount.js';
import { CHECK_TITLES, CLAIM_LINE_TITLES, TOTAL_TITLES } from './titles.js';

const STATES: ProgrammeState[] = [
  'no_sealed_snapshot',
  'no_effective_rate',
  'claims_not_opened',
  'in_progress',
  'settled',
];

export class ReconciliationLineView {
  @ApiProperty({ enum: [...new Set([...Object.keys(TOTAL_TITLES), ...Object.keys(CLAIM_LINE_TITLES)])] })
  name!: string;

  @ApiProperty({ example: 'Claims', description: 'In the language of the request.' })
  title!: string;

  @ApiProperty({ example: '260000' })
  count!: string;

  @ApiProperty({
    example: '46311126843',
    description: 'In yen; quantity × price is exact, with decimals where it has them.',
  })
  sumJpy!: string;

  @ApiProperty({
    example: '2018-03-12T01:00:00.000Z',
    description: 'The same for all: everything is read in one snapshot of the database.',
  })
  asOf!: string;
}

export class ReconciliationCheckView {
  @ApiProperty({ enum: Object.keys(CHECK_TITLES) })
  name!: CheckName;

  @ApiProperty({ example: 'Customer wallets = credit transfers' })
  title!: string;

  @ApiProperty({ example: '46290000000' })
  leftJpy!: string;

  @ApiProperty({ example: '46290000000' })
  rightJpy!: string;

  @ApiProperty({ example: '0', description: 'Left minus right.' })
  differenceJpy!: string;

  @ApiProperty({ example: '0', description: 'Rows that differ one by one, also when the sums agree.' })
  differingCount!: string;

  @ApiProperty({ example: true })
  balanced!: boolean;
}

export class ReconciliationView {
  @ApiProperty({ example: '2018-03-12T01:00:00.000Z' })
  asOf!: string;

  @ApiProperty({ enum: STATES })
  state!: ProgrammeState;

  @ApiProperty({ example: true, description: 'No check shows a difference.' })
  balanced!: boolean;

  @ApiProperty({ type: String, nullable: true, example: '88.549' })
  priceJpyPerXem!: string | null;

  @ApiProperty({ type: String, nullable: true, example: 'half_up' })
  roundingRule!: string | null;

  @ApiProperty({ example: '523000000', description: 'All sealed payable balances.' })
  quantityXem!: string;

  @ApiProperty({ example: '157', description: 'Quantity × price of the claims minus their amounts, exact and signed.' })
  residueJpy!: string;

  @ApiProperty({ example: '0' })
  trialBalanceJpy!: string;

  @ApiProperty({ type: [ReconciliationLineView], description: 'snapshot, claims, approved, credited, wallets, fund.' })
  totals!: ReconciliationLineView[];

  @ApiProperty({
    type: [ReconciliationLineView],
    description:
      'Where every claim stands: pending, approved, credited, held, rejected, below_one_yen; and not_opened for balances without one.',
  })
  claims!: ReconciliationLineView[];

  @ApiProperty({ type: [ReconciliationCheckView] })
  checks!: ReconciliationCheckView[];
}
