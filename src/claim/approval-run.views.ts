import { ApiProperty } from '@nestjs/swagger';
import { ApprovalRequestView } from '../approval/approval.dto.js';

export class CountAndSum {
  @ApiProperty({ example: '259187' })
  count!: string;

  @ApiProperty({ example: '46290121344' })
  sumJpy!: string;
}

export class RunPreviewView {
  @ApiProperty({ type: CountAndSum, description: 'Would be approved.' })
  payable!: CountAndSum;

  @ApiProperty({ type: CountAndSum, description: 'Would be rejected as below_one_yen.' })
  belowOneYen!: CountAndSum;

  @ApiProperty({
    type: Object,
    description: 'Left out, by reason.',
    example: { under_review: { count: '12', sumJpy: '45012' }, not_pending: { count: '0', sumJpy: '0' } },
  })
  excluded!: { under_review: CountAndSum; not_pending: CountAndSum };

  @ApiProperty({ type: CountAndSum, description: 'Among the payable: claims of staff and their declared relatives.' })
  claimsOfStaff!: CountAndSum;

  @ApiProperty({
    type: [Object],
    example: [{ claimNo: '475823653196', customerNo: 'C00000017', amountJpy: '221372500' }],
  })
  tenLargest!: { claimNo: string; customerNo: string; amountJpy: string }[];

  @ApiProperty({
    type: [Object],
    description: 'By power of ten.',
    example: [{ fromJpy: '1000', count: '51234', sumJpy: '210345678' }],
  })
  distribution!: { fromJpy: string; count: string; sumJpy: string }[];
}

export class ApprovalRunView {
  @ApiProperty({ type: String, nullable: true, example: '1', description: 'null for a dry run' })
  id!: string | null;

  @ApiProperty({ enum: ['proposed', 'effective', 'refused', 'lapsed'], nullable: true, type: String })
  status!: string | null;

  @ApiProperty({ type: RunPreviewView, description: 'What the filter selects now.' })
  preview!: RunPreviewView;

  @ApiProperty({ type: ApprovalRequestView, nullable: true })
  approvalRequest!: ApprovalRequestView | null;
}
