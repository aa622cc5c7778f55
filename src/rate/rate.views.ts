import { ApiProperty } from '@nestjs/swagger';
import { ApprovalRequestView } from '../approval/approval.dto.js';
import { EvidenceKind, RoundingRule } from '../platform/database/prisma.js';
import type { Json } from '../platform/json.js';
import { LegalWordingDto } from './rate.dto.js';
import { RATE_TRANSITIONS, type RateState } from './rate.state.js';

const STATES = Object.keys(RATE_TRANSITIONS) as RateState[];
const ROUNDING_RULES = Object.values(RoundingRule);

export class LegalWordingView extends LegalWordingDto {
  @ApiProperty({ example: 1 })
  version!: number;
}

export class RateView {
  @ApiProperty({ example: '01932c07-209c-7e5f-8a3c-5a0c8f1f6a05' })
  id!: string;

  @ApiProperty({ enum: STATES })
  status!: RateState;

  @ApiProperty({ example: '88.549' })
  priceJpyPerXem!: string;

  @ApiProperty({ example: 'Volume-weighted average of Zaif XEM/JPY' })
  method!: string;

  @ApiProperty({ example: '2018-01-26T12:09:00+09:00' })
  windowStart!: string;

  @ApiProperty({ example: '2018-01-27T23:00:00+09:00' })
  windowEnd!: string;

  @ApiProperty({ type: [String], example: ['2018-01-26T12:38:00+09:00', '2018-01-26T12:57:00+09:00'] })
  alternativeStarts!: string[];

  @ApiProperty({ type: [String], example: ['2018-01-28T02:41:00+09:00'] })
  alternativeEnds!: string[];

  @ApiProperty({ enum: ROUNDING_RULES })
  roundingRule!: RoundingRule;

  @ApiProperty({ example: 'Notice of 2018-01-28 on compensation for NEM holders' })
  sourceText!: string;

  @ApiProperty({ type: LegalWordingView })
  legalWording!: LegalWordingView;

  @ApiProperty({ example: '1', description: 'Files of evidence.' })
  evidenceCount!: string;

  @ApiProperty({ example: '01932c07-209c-7e5f-8a3c-5a0c8f1f6a03' })
  proposedBy!: string;

  @ApiProperty({ example: '2018-03-10T01:00:00.000Z' })
  createdAt!: string;

  @ApiProperty({ type: String, nullable: true, example: '2018-03-10T02:00:00.000Z' })
  effectiveAt!: string | null;
}

export class EvidenceView {
  @ApiProperty({ example: '01932c07-209c-7e5f-8a3c-5a0c8f1f6a06' })
  id!: string;

  @ApiProperty({ enum: Object.values(EvidenceKind) })
  kind!: EvidenceKind;

  @ApiProperty({ example: 'a3f5'.repeat(16) })
  fileSha256!: string;

  @ApiProperty({ example: '1009' })
  rowCount!: string;

  @ApiProperty({
    type: Object,
    description:
      'trades: the exact volume-weighted average of each window, compared with the price. ohlc: bounds that any such average must lie in, and proxies.',
    example: {
      kind: 'trades',
      windows: [
        {
          announced: true,
          start: '2018-01-26T12:09:00+09:00',
          end: '2018-01-27T23:00:00+09:00',
          vwapJpyPerXem: '88.549000000000',
        },
      ],
    },
  })
  figures!: Json;

  @ApiProperty({ example: '01932c07-209c-7e5f-8a3c-5a0c8f1f6a03' })
  uploadedBy!: string;

  @ApiProperty({ example: '2018-03-10T01:10:00.000Z' })
  createdAt!: string;
}

export class ImpliedTotalView {
  @ApiProperty({ example: '260000', description: 'Payable balances of all sealed snapshots.' })
  payableCount!: string;

  @ApiProperty({ example: '523000000' })
  quantityXem!: string;

  @ApiProperty({ example: '46311127000', description: 'Quantity × price, exact.' })
  exactJpy!: string;
}

export class RoundingPreviewView {
  @ApiProperty({ enum: ROUNDING_RULES })
  rule!: RoundingRule;

  @ApiProperty({ example: true, description: 'The rule of this announcement.' })
  chosen!: boolean;

  @ApiProperty({ example: '46311126843', description: 'Sum of all amounts under this rule.' })
  totalJpy!: string;

  @ApiProperty({ example: '157', description: 'Quantity × price minus the sum of amounts, exact and signed.' })
  residueJpy!: string;

  @ApiProperty({ example: '259871', description: 'Persons who get at least 1 yen.' })
  paidCount!: string;

  @ApiProperty({ example: '129', description: 'Persons whose amount comes to 0 yen.' })
  belowOneYenCount!: string;
}

export class RateDetailView extends RateView {
  @ApiProperty({ type: ImpliedTotalView })
  impliedTotal!: ImpliedTotalView;

  @ApiProperty({ type: [RoundingPreviewView] })
  rounding!: RoundingPreviewView[];

  @ApiProperty({ type: [EvidenceView] })
  evidence!: EvidenceView[];

  @ApiProperty({
    type: String,
    nullable: true,
    example: null,
    description: 'The effective rate that this proposal would supersede.',
  })
  wouldSupersede!: string | null;
}

export class ProposedRateView extends RateView {
  @ApiProperty({ type: ApprovalRequestView })
  approvalRequest!: ApprovalRequestView;
}

export class AddedEvidenceView extends EvidenceView {
  @ApiProperty({
    type: ApprovalRequestView,
    description: 'Asked anew with this evidence; what was asked before is void.',
  })
  approvalRequest!: ApprovalRequestView;
}

export class RatePage {
  @ApiProperty({ type: [RateView] })
  items!: RateView[];

  @ApiProperty({ type: String, nullable: true, example: null })
  nextCursor!: string | null;
}
