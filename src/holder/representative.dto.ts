import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn } from 'class-validator';
import { ApprovalRequestView } from '../approval/approval.dto.js';
import { RepresentativeKind, RepresentativeStatus } from '../platform/database/prisma.js';
import { IsDay } from '../platform/http/day.decorator.js';
import { IsPlainText } from '../platform/http/plain-text.decorator.js';
import { MayBeLeftOut } from '../platform/http/may-be-left-out.decorator.js';

const KINDS = Object.values(RepresentativeKind);
const STATES = Object.values(RepresentativeStatus);

export class RecordRepresentativeDto {
  @ApiProperty({ enum: KINDS, example: 'guardian' })
  @IsIn(KINDS)
  kind!: RepresentativeKind;

  @ApiProperty({ example: '佐藤 花子' })
  @IsPlainText(200)
  name!: string;

  @ApiProperty({ example: '登記事項証明書(成年後見)', description: 'Which papers prove it, as they were seen.' })
  @IsPlainText(500)
  papers!: string;

  @ApiProperty({ example: '2018-03-01', description: 'First day in Japan.' })
  @IsDay()
  validFrom!: string;

  @ApiPropertyOptional({ example: '2019-02-28', description: 'Last day; left out: until it is ended.' })
  @MayBeLeftOut()
  @IsDay()
  validTo?: string;
}

export class EndRepresentativeDto {
  @ApiProperty({ example: '委任の解除の届出があったため' })
  @IsPlainText(500)
  reason!: string;
}

export class RepresentativeView {
  @ApiProperty({ example: '7' })
  id!: string;

  @ApiProperty({ enum: KINDS })
  kind!: RepresentativeKind;

  @ApiProperty({ example: '佐* 花*', description: 'In clear in an open call whose caller passed the check.' })
  name!: string;

  @ApiProperty({ example: '登記事項証明書(成年後見)' })
  papers!: string;

  @ApiProperty({ example: '2018-03-01' })
  validFrom!: string;

  @ApiProperty({ type: String, nullable: true, example: null })
  validTo!: string | null;

  @ApiProperty({ enum: STATES, example: 'confirmed' })
  status!: RepresentativeStatus;

  @ApiProperty({ example: true, description: 'May be spoken to today: confirmed by another, and within its days.' })
  valid!: boolean;
}

export class RecordedRepresentativeView {
  @ApiProperty({ type: RepresentativeView })
  representative!: RepresentativeView;

  @ApiProperty({ type: ApprovalRequestView })
  approvalRequest!: ApprovalRequestView;
}
