import { ApiProperty } from '@nestjs/swagger';
import { IsString, Length, Matches } from 'class-validator';
import { ApprovalRequestView } from '../approval/approval.dto.js';
import type { CreditingObstacle } from './kill-switch.js';

const CAUSES = ['person', 'watch', 'server'] as const;

/** Pulling and releasing both take a reason in writing. */
export class KillSwitchDto {
  @ApiProperty({ example: '残高の不一致を調査するため' })
  @IsString()
  @Length(5, 500)
  @Matches(/\S.*\S.*\S.*\S.*\S/su, { message: 'reason must say why' })
  reason!: string;
}

export class PullView {
  @ApiProperty({ example: '1' })
  id!: string;

  @ApiProperty({ enum: CAUSES, example: 'watch' })
  cause!: (typeof CAUSES)[number];

  @ApiProperty({ type: String, nullable: true, example: null, description: 'Only of pulls by a person.' })
  pulledBy!: string | null;

  @ApiProperty({ example: 'credit_without_item transfer:4711' })
  reason!: string;

  @ApiProperty({ example: '2018-03-12T03:00:05.000Z' })
  pulledAt!: string;
}

export class KillSwitchView {
  @ApiProperty({ example: true })
  pulled!: boolean;

  @ApiProperty({ type: [PullView], description: 'What two people have to release before anything is credited.' })
  pulls!: PullView[];

  @ApiProperty({
    type: String,
    nullable: true,
    enum: ['kill_switch_pulled', 'watch_absent'],
    example: 'kill_switch_pulled',
    description: 'Why nothing is credited now; null when batches may go on.',
  })
  creditingObstacle!: CreditingObstacle | null;

  @ApiProperty({
    type: String,
    nullable: true,
    example: '2018-03-12T03:00:09.000Z',
    description: 'When the watch had last compared everything there was.',
  })
  watchSeenAt!: string | null;
}

export class KillSwitchReleaseView extends KillSwitchView {
  @ApiProperty({ type: ApprovalRequestView })
  approvalRequest!: ApprovalRequestView;
}
