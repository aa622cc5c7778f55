import { ApiProperty } from '@nestjs/swagger';
import { ApprovalRequestView } from '../approval/approval.dto.js';
import { StaffView } from '../identity/staff.dto.js';

/** The account as it is now, and what of the change waits for another person. */
export class ChangedStaffView extends StaffView {
  @ApiProperty({
    type: ApprovalRequestView,
    nullable: true,
    description:
      'Role, later last day, mail address, being enabled, a customer number or relative taken away. null: all of it is done.',
  })
  approvalRequest!: ApprovalRequestView | null;
}

export class AskedResetView {
  @ApiProperty({
    type: String,
    nullable: true,
    example: 'q0Zr3m0v2cJ8k1tVb5yN7pXw4sLdGfHaUeRiTzQoMnE',
    description:
      'For POST /v1/auth/activate, once, when the reset is agreed to, for 72 hours. null: it goes to the mail address.',
  })
  activationToken!: string | null;

  @ApiProperty({ type: ApprovalRequestView })
  approvalRequest!: ApprovalRequestView;
}
