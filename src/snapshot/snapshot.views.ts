import { ApiProperty } from '@nestjs/swagger';
import { ApprovalRequestView } from '../approval/approval.dto.js';
import { EXCLUSION_REASONS, SNAPSHOT_STATES, type ExclusionReason } from './snapshot.state.js';
import { SNAPSHOT_KINDS, type SnapshotKind } from './snapshot.dto.js';
import type { SnapshotState } from './snapshot.state.js';

/** What was declared, what was found, and found minus declared; null while it is not known, or was not declared. */
export class ControlTotalView {
  @ApiProperty({ type: String, nullable: true, example: '260147' })
  declaredCount!: string | null;

  @ApiProperty({ type: String, nullable: true, example: '260146' })
  count!: string | null;

  @ApiProperty({ type: String, nullable: true, example: '-1' })
  differenceCount!: string | null;

  @ApiProperty({ type: String, nullable: true, example: '529067977.975766' })
  declaredTotalXem!: string | null;

  @ApiProperty({ type: String, nullable: true, example: '529067975.322364' })
  totalXem!: string | null;

  @ApiProperty({ type: String, nullable: true, example: '-2.653402' })
  differenceXem!: string | null;
}

export class ControlTotalsView {
  @ApiProperty({ type: ControlTotalView, description: 'All rows of the file.' })
  whole!: ControlTotalView;

  @ApiProperty({ type: ControlTotalView, description: 'Rows that are to be compensated.' })
  payable!: ControlTotalView;

  @ApiProperty({ type: ControlTotalView, description: 'Rows of the exclusion list.' })
  excluded!: ControlTotalView;
}

export class SnapshotView {
  @ApiProperty({ example: '01932c07-209c-7e5f-8a3c-5a0c8f1f6a02' })
  id!: string;

  @ApiProperty({ enum: SNAPSHOT_KINDS })
  kind!: SnapshotKind;

  @ApiProperty({ enum: SNAPSHOT_STATES })
  status!: SnapshotState;

  @ApiProperty({ example: '2018-01-26T14:59:59.000Z' })
  asOf!: string;

  @ApiProperty({ enum: ['utf-8', 'windows-31j'] })
  charset!: string;

  @ApiProperty({ example: 'a3f5'.repeat(16), description: 'Over the bytes as they were sent.' })
  fileSha256!: string;

  @ApiProperty({ example: '46299705' })
  fileBytes!: string;

  @ApiProperty({ type: String, nullable: true, example: null })
  exclusionsSha256!: string | null;

  @ApiProperty({ type: ControlTotalsView })
  controlTotals!: ControlTotalsView;

  @ApiProperty({ type: String, nullable: true, example: '0', description: 'Faults found; null while importing.' })
  errorCount!: string | null;

  @ApiProperty({
    type: String,
    nullable: true,
    example: 'b4e6'.repeat(16),
    description: 'SHA-256 over customer number, quantity and exclusion of all rows in the order of the file.',
  })
  rowsDigest!: string | null;

  @ApiProperty({ type: String, nullable: true, example: 'c5d7'.repeat(16), description: 'What a seal agrees to.' })
  contentHash!: string | null;

  @ApiProperty({ example: '01932c07-209c-7e5f-8a3c-5a0c8f1f6a03' })
  uploadedBy!: string;

  @ApiProperty({ example: '2018-02-01T01:00:00.000Z' })
  createdAt!: string;

  @ApiProperty({ type: String, nullable: true, example: '2018-02-01T01:00:08.000Z' })
  importedAt!: string | null;

  @ApiProperty({ type: String, nullable: true, example: null })
  sealedAt!: string | null;

  @ApiProperty({ type: String, nullable: true, example: null, description: 'When the upload itself was destroyed.' })
  rawDestroyedAt!: string | null;
}

export class ErrorsByReasonView {
  @ApiProperty({ example: 'quantity_decimals' })
  code!: string;

  @ApiProperty({ example: '3' })
  count!: string;

  @ApiProperty({ example: '数量の小数点以下は6桁までです', description: 'In the language of the request.' })
  reason!: string;
}

export class ExcludedByReasonView {
  @ApiProperty({ enum: EXCLUSION_REASONS })
  reason!: ExclusionReason;

  @ApiProperty({ example: '3' })
  count!: string;

  @ApiProperty({ example: '6043210.123456' })
  totalXem!: string;
}

export class SnapshotDetailView extends SnapshotView {
  @ApiProperty({ type: String, nullable: true, example: null, description: 'While importing: rows read so far.' })
  rowsRead!: string | null;

  @ApiProperty({ type: [ErrorsByReasonView], description: 'All faults; errors.csv lists the first 10,000.' })
  errors!: ErrorsByReasonView[];

  @ApiProperty({ type: [ExcludedByReasonView] })
  excludedByReason!: ExcludedByReasonView[];
}

export class SealAskedView extends SnapshotView {
  @ApiProperty({ type: ApprovalRequestView })
  approvalRequest!: ApprovalRequestView;
}

export class SnapshotPage {
  @ApiProperty({ type: [SnapshotView] })
  items!: SnapshotView[];

  @ApiProperty({ type: String, nullable: true, example: null })
  nextCursor!: string | null;
}
