import { ApiProperty } from '@nestjs/swagger';
import { ApprovalRequestView } from '../approval/approval.dto.js';

export class ProgressStepView {
  @ApiProperty({ example: '1000' })
  holders!: string;

  @ApiProperty({ example: '10000' })
  xem!: string;

  @ApiProperty({ example: '1000000' })
  jpy!: string;
}

/** Every figure is a lower bound: it counts complete steps only. */
export class ProgressView {
  @ApiProperty({ example: '260000' })
  holders!: string;

  @ApiProperty({ example: '523000000' })
  totalXem!: string;

  @ApiProperty({ example: '46311000000' })
  totalJpy!: string;

  @ApiProperty({ example: '120000' })
  creditedCount!: string;

  @ApiProperty({ example: '21374000000' })
  creditedJpy!: string;

  @ApiProperty({
    type: String,
    nullable: true,
    example: '2018-03-12',
    description: 'Day in Japan of the last step of credits.',
  })
  updatedOn!: string | null;

  @ApiProperty({ type: ProgressStepView, description: 'All figures are rounded down to these, and move no finer.' })
  steps!: ProgressStepView;
}

export class ProgressReleaseView {
  @ApiProperty({ example: '01932c07-209c-7e5f-8a3c-5a0c8f1f6a05' })
  id!: string;

  @ApiProperty({ type: ApprovalRequestView })
  approvalRequest!: ApprovalRequestView;
}
