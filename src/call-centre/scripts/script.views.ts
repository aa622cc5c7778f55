import { ApiProperty } from '@nestjs/swagger';
import { ApprovalRequestView } from '../../approval/approval.dto.js';
import { BilingualView } from '../../platform/http/bilingual.view.js';
import { SITUATIONS, type Situation } from './situations.js';

class ScriptTitleView extends BilingualView {
  @ApiProperty({ example: 'Being checked' })
  declare en: string;

  @ApiProperty({ example: '確認中' })
  declare ja: string;
}

class ScriptTextView extends BilingualView {
  @ApiProperty({ example: 'We are checking your record. You need do nothing.\nThe amount is 109,314 JPY.' })
  declare en: string;

  @ApiProperty({ example: '現在、確認中でございます。\n補償額は 109,314 円です。' })
  declare ja: string;
}

class EscalationView extends BilingualView {
  @ApiProperty({ example: 'Hand to the team lead.' })
  declare en: string;

  @ApiProperty({ example: 'SVに引き継ぐ。' })
  declare ja: string;
}

export class ScriptView {
  @ApiProperty({ enum: SITUATIONS, example: 'not_approved' })
  for!: Situation;

  @ApiProperty({ example: 2 })
  version!: number;

  @ApiProperty({ type: ScriptTitleView })
  title!: ScriptTitleView;

  @ApiProperty({
    type: ScriptTextView,
    description:
      'What is said: with the facts of the customer; without the lines that need one while the caller has not passed the check; as written if no customer was named.',
  })
  text!: ScriptTextView;

  @ApiProperty({ type: EscalationView, nullable: true, description: 'To whom you hand over; for you, never said.' })
  escalation!: EscalationView | null;

  @ApiProperty({ example: '2018-03-10T02:00:00.000Z' })
  releasedAt!: string;
}

export class ScriptList {
  @ApiProperty({ type: String, nullable: true, example: 'C00000017', description: 'Whose facts are filled in.' })
  customerNo!: string | null;

  @ApiProperty({
    example: true,
    description:
      'Filled in are facts only in your own open contact about this customer, once its caller has passed the check.',
  })
  factsOpen!: boolean;

  @ApiProperty({ type: [ScriptView], description: 'Empty: no script for this situation has been released.' })
  items!: ScriptView[];
}

/** A script as those see it who write and release it. */
export class ScriptVersionView {
  @ApiProperty({ example: '01932c07-209c-7e5f-8a3c-5a0c8f1f6a10' })
  id!: string;

  @ApiProperty({ enum: SITUATIONS, example: 'not_approved' })
  for!: Situation;

  @ApiProperty({ example: 2 })
  version!: number;

  @ApiProperty({ enum: ['draft', 'released'], example: 'draft' })
  status!: 'draft' | 'released';

  @ApiProperty({ type: ScriptTitleView })
  title!: ScriptTitleView;

  @ApiProperty({ type: ScriptTextView, description: 'As written, with its placeholders.' })
  text!: ScriptTextView;

  @ApiProperty({ type: EscalationView, nullable: true })
  escalation!: EscalationView | null;

  @ApiProperty({
    type: String,
    nullable: true,
    example: '01932c07-209c-7e5f-8a3c-5a0c8f1f6a03',
    description: 'null: the product came with it.',
  })
  writtenBy!: string | null;

  @ApiProperty({ example: '2018-03-09T02:00:00.000Z' })
  createdAt!: string;

  @ApiProperty({ type: String, nullable: true, example: null })
  releasedAt!: string | null;
}

export class ScriptVersionPage {
  @ApiProperty({ type: [ScriptVersionView] })
  items!: ScriptVersionView[];

  @ApiProperty({ type: String, nullable: true, example: null })
  nextCursor!: string | null;
}

export class ScriptReleaseView {
  @ApiProperty({ type: ScriptVersionView })
  script!: ScriptVersionView;

  @ApiProperty({ type: ApprovalRequestView })
  approvalRequest!: ApprovalRequestView;
}

/** A script that fits the page it is shown on. */
export class FittingScriptView {
  @ApiProperty({ enum: SITUATIONS, example: 'not_approved' })
  for!: Situation;

  @ApiProperty({ type: ScriptTitleView })
  title!: ScriptTitleView;

  @ApiProperty({ example: '/v1/scripts?for=not_approved&customerNo=C00000017' })
  href!: string;
}
