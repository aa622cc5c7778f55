import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn } from 'class-validator';
import { ApprovalRequestView } from '../approval/approval.dto.js';
import { MayBeLeftOut } from '../platform/http/may-be-left-out.decorator.js';

export class UploadHolderUpdateDto {
  @ApiPropertyOptional({ enum: ['utf-8', 'windows-31j'], default: 'utf-8' })
  @MayBeLeftOut()
  @IsIn(['utf-8', 'windows-31j'])
  charset?: 'utf-8' | 'windows-31j';
}

export class HolderUpdateView {
  @ApiProperty({ example: '01932c07-209c-7e5f-8a3c-5a0c8f1f6a02' })
  id!: string;

  @ApiProperty({ enum: ['checking', 'invalid', 'ready', 'applied', 'refused'], example: 'ready' })
  status!: string;

  @ApiProperty({ example: 'a3f5'.repeat(16) })
  fileSha256!: string;

  @ApiProperty({ type: String, nullable: true, example: '260000', description: 'Rows of the file.' })
  rowCount!: string | null;

  @ApiProperty({ type: String, nullable: true, example: '1312', description: 'Holders who would change.' })
  changedCount!: string | null;

  @ApiProperty({ type: String, nullable: true, example: '2', description: 'Listed in errors.csv, never added.' })
  unknownCount!: string | null;

  @ApiProperty({ type: String, nullable: true, example: '0' })
  errorCount!: string | null;

  @ApiProperty({
    type: Object,
    nullable: true,
    example: { email: 1200, phone: 97, name: 15 },
    description:
      'How many holders change, by column. A changed mail address or phone freezes what is not credited yet.',
  })
  changes!: Record<string, number> | null;

  @ApiProperty({
    type: String,
    nullable: true,
    example: null,
    description: 'Less than changedCount if some have changed meanwhile; errors.csv names them.',
  })
  appliedCount!: string | null;

  @ApiProperty({ example: '2018-03-01T01:00:00.000Z' })
  createdAt!: string;

  @ApiProperty({ type: String, nullable: true, example: null })
  appliedAt!: string | null;
}

export class SubmittedHolderUpdateView {
  @ApiProperty({ type: HolderUpdateView })
  holderUpdate!: HolderUpdateView;

  @ApiProperty({ type: ApprovalRequestView })
  approvalRequest!: ApprovalRequestView;
}
