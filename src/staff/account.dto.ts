import { ApiProperty } from '@nestjs/swagger';
import { ApprovalRequestView } from '../approval/approval.dto.js';
import type { Role } from '../identity/role.js';
import { ROLES } from '../identity/role.js';

export class AskedAccountView {
  @ApiProperty({
    example: '01932c07-209c-7e5f-8a3c-5a0c8f1f6a03',
    description: 'Of the account, once it is agreed to.',
  })
  id!: string;

  @ApiProperty({ example: 'k.tanaka' })
  login!: string;

  @ApiProperty({ enum: ROLES, example: 'claims_officer' })
  role!: Role;

  @ApiProperty({
    type: String,
    nullable: true,
    example: 'q0Zr3m0v2cJ8k1tVb5yN7pXw4sLdGfHaUeRiTzQoMnE',
    description:
      'For POST /v1/auth/activate, once, when the account is agreed to, for 72 hours. null: it goes to the mail address.',
  })
  activationToken!: string | null;

  @ApiProperty({ type: ApprovalRequestView })
  approvalRequest!: ApprovalRequestView;
}

export class AskedAccountsView {
  @ApiProperty({ example: 120 })
  accounts!: number;

  @ApiProperty({ type: ApprovalRequestView })
  approvalRequest!: ApprovalRequestView;
}
