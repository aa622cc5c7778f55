import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsOptional, Matches } from 'class-validator';
import { ApprovalRequestView } from '../approval/approval.dto.js';

const COUNT = { pattern: /^\d{1,9}$/, message: '$property must be a whole number' };
const XEM = {
  pattern: /^-?\d{1,20}(\.\d{1,6})?$/,
  message: '$property must be a decimal with up to 6 decimals, such as 523000000.000000',
};

/** The form fields beside the files of an upload. */
export class UploadSnapshotDto {
  @ApiProperty({ enum: ['base', 'supplement'] })
  @IsIn(['base', 'supplement'])
  kind!: 'base' | 'supplement';

  @ApiProperty({ example: '2018-01-26T23:59:59+09:00', description: 'The instant of the balances, with its offset.' })
  @Matches(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,3})?(Z|[+-]\d{2}:\d{2})$/, {
    message: 'asOf must be a time with its offset, such as 2018-01-26T23:59:59+09:00',
  })
  asOf!: string;

  @ApiPropertyOptional({ enum: ['utf-8', 'windows-31j'], default: 'utf-8' })
  @IsOptional()
  @IsIn(['utf-8', 'windows-31j'])
  charset?: 'utf-8' | 'windows-31j';

  @ApiProperty({ example: '260040', description: 'Rows of the whole file.' })
  @Matches(COUNT.pattern, COUNT)
  declaredCount!: string;

  @ApiProperty({ example: '523012345.000000', description: 'Sum of the whole file.' })
  @Matches(XEM.pattern, XEM)
  declaredTotalXem!: string;

  @ApiPropertyOptional({ example: '260000' })
  @IsOptional()
  @Matches(COUNT.pattern, COUNT)
  declaredPayableCount?: string;

  @ApiPropertyOptional({ example: '523000000.000000' })
  @IsOptional()
  @Matches(XEM.pattern, XEM)
  declaredPayableTotalXem?: string;

  @ApiPropertyOptional({ example: '40' })
  @IsOptional()
  @Matches(COUNT.pattern, COUNT)
  declaredExcludedCount?: string;

  @ApiPropertyOptional({ example: '12345.000000' })
  @IsOptional()
  @Matches(XEM.pattern, XEM)
  declaredExcludedTotalXem?: string;
}

export class ControlTotalView {
  @ApiProperty({ enum: ['whole_file', 'payable', 'excluded'] })
  of!: 'whole_file' | 'payable' | 'excluded';

  @ApiProperty({ type: String, nullable: true, example: '260000' })
  declaredCount!: string | null;

  @ApiProperty({ type: String, nullable: true, example: '260000' })
  count!: string | null;

  @ApiProperty({ type: String, nullable: true, example: '523000000.000000' })
  declaredTotalXem!: string | null;

  @ApiProperty({ type: String, nullable: true, example: '523000000.000000' })
  totalXem!: string | null;
}

export class SnapshotView {
  @ApiProperty({ example: '01932c07-209c-7e5f-8a3c-5a0c8f1f6a02' })
  id!: string;

  @ApiProperty({ enum: ['base', 'supplement'] })
  kind!: string;

  @ApiProperty({ enum: ['importing', 'invalid', 'ready', 'sealed'] })
  status!: string;

  @ApiProperty({ example: '2018-01-26T14:59:59.000Z' })
  asOf!: string;

  @ApiProperty({ example: 'a3f5'.repeat(16) })
  fileSha256!: string;

  @ApiProperty({ type: String, nullable: true, example: 'b7c2'.repeat(16) })
  exclusionsSha256!: string | null;

  @ApiProperty({ type: [ControlTotalView] })
  controlTotals!: ControlTotalView[];

  @ApiProperty({ type: String, nullable: true, example: '0' })
  errorCount!: string | null;

  @ApiProperty({
    type: String,
    nullable: true,
    example: 'd41d'.repeat(16),
    description: 'SHA-256 over customer number, quantity and exclusion of all rows.',
  })
  rowsDigest!: string | null;

  @ApiProperty({ example: '2018-02-01T01:00:00.000Z' })
  createdAt!: string;

  @ApiProperty({ type: String, nullable: true, example: '2018-03-09T01:00:00.000Z' })
  sealedAt!: string | null;
}

export class SnapshotDetailView extends SnapshotView {
  @ApiProperty({ type: String, nullable: true, example: '120000', description: 'Rows read so far, while importing.' })
  rowsRead!: string | null;

  @ApiProperty({
    type: [Object],
    example: [{ code: 'quantity_malformed', count: '3', reason: 'a quantity is digits …' }],
  })
  errors!: { code: string; count: string; reason: string }[];

  @ApiProperty({ type: [Object], example: [{ reason: 'company_owned', count: '10', totalXem: '12345.000000' }] })
  excluded!: { reason: string; count: string; totalXem: string }[];
}

export class SnapshotToSealView {
  @ApiProperty({ type: SnapshotView })
  snapshot!: SnapshotView;

  @ApiProperty({ type: ApprovalRequestView })
  approvalRequest!: ApprovalRequestView;
}

export class SnapshotPage {
  @ApiProperty({ type: [SnapshotView] })
  items!: SnapshotView[];

  @ApiProperty({ type: String, nullable: true, example: null })
  nextCursor!: string | null;
}
