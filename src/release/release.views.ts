import { ApiProperty } from '@nestjs/swagger';
import { ApprovalRequestView } from '../approval/approval.dto.js';

export const KEY_STATES = ['proposed', 'active', 'rejected', 'revoked'] as const;
export const RULE_STATES = ['proposed', 'effective', 'rejected'] as const;

export class ReleaseKeyView {
  @ApiProperty({ example: '01932c07-209c-7e5f-8a3c-5a0c8f1f6a02' })
  id!: string;

  @ApiProperty({ example: 'b7c0'.repeat(16), description: 'SHA-256 of the public key.' })
  fingerprint!: string;

  @ApiProperty({ example: 'GOK8mNPMf7MI7hT6WH2zZ4r1sJpcLNVBWyDSfpR8Twg=' })
  publicKey!: string;

  @ApiProperty({ example: 'Safe 1, Tokyo' })
  label!: string;

  @ApiProperty({ enum: KEY_STATES, example: 'active' })
  status!: (typeof KEY_STATES)[number];

  @ApiProperty({ example: '01932c07-209c-7e5f-8a3c-5a0c8f1f6a03' })
  proposedBy!: string;

  @ApiProperty({ example: '2018-03-10T01:00:00.000Z' })
  createdAt!: string;

  @ApiProperty({ type: String, nullable: true, example: '2018-03-10T02:00:00.000Z' })
  registeredAt!: string | null;

  @ApiProperty({
    type: String,
    nullable: true,
    example: '2018-03-11T02:00:00.000Z',
    description: 'Until then the key waits: its signatures are refused.',
  })
  countsFrom!: string | null;

  @ApiProperty({ type: String, nullable: true, example: null })
  revokedAt!: string | null;
}

export class ReleaseKeyPage {
  @ApiProperty({ type: [ReleaseKeyView] })
  items!: ReleaseKeyView[];

  @ApiProperty({ type: String, nullable: true, example: null })
  nextCursor!: string | null;
}

export class ProposedReleaseKeyView extends ReleaseKeyView {
  @ApiProperty({ type: ApprovalRequestView })
  approvalRequest!: ApprovalRequestView;
}

export class WarningView {
  @ApiProperty({
    example: 'One key will be left, and two must sign: nothing can be released until another is registered.',
  })
  en!: string;

  @ApiProperty({ example: '残る鍵は1つですが、2つの署名が必要です。新しい鍵が有効になるまで実行できません。' })
  ja!: string;
}

export class RevokedReleaseKeyView extends ProposedReleaseKeyView {
  @ApiProperty({ type: WarningView, nullable: true, description: 'When fewer keys will be left than must sign.' })
  warning!: WarningView | null;
}

export class ReleaseSignatureView {
  @ApiProperty({ example: 'b7c0'.repeat(16) })
  keyFingerprint!: string;

  @ApiProperty({ example: 'Safe 1, Tokyo' })
  label!: string;

  @ApiProperty({ example: '2018-03-12T01:00:00.000Z' })
  recordedAt!: string;

  @ApiProperty({ example: true, description: 'False once the key is revoked.' })
  counts!: boolean;
}

const STATEMENT = {
  format: 'henkin-release-1',
  kind: 'credit_batch',
  subjectId: '2',
  expiresAt: '2018-03-13T03:00:00.000Z',
};
/** Of the file statement.json; what it says beside these depends on its kind. */
export const STATEMENT_SCHEMA = {
  type: 'object',
  additionalProperties: { type: 'string' },
  example: STATEMENT,
} as const;

/** What waits for the signatures of several keys, and which are there. */
export class ReleaseView {
  @ApiProperty({ example: 'a3f5'.repeat(16), description: 'SHA-256 of the statement.' })
  sha256!: string;

  @ApiProperty({
    example: JSON.stringify(STATEMENT),
    description: 'The statement that is signed, byte for byte; also as the file statement.json.',
  })
  statement!: string;

  @ApiProperty({ example: '2018-03-13T03:00:00.000Z' })
  expiresAt!: string;

  @ApiProperty({ example: 2, description: 'How many distinct keys must sign.' })
  leastSignatures!: number;

  @ApiProperty({ example: 1 })
  missingSignatures!: number;

  @ApiProperty({ type: [ReleaseSignatureView] })
  signatures!: ReleaseSignatureView[];
}

export class ReleaseRuleView {
  @ApiProperty({ example: '01932c07-209c-7e5f-8a3c-5a0c8f1f6a02' })
  id!: string;

  @ApiProperty({ example: 2 })
  leastSignatures!: number;

  @ApiProperty({ example: 24 })
  waitingHours!: number;

  @ApiProperty({ enum: RULE_STATES, example: 'effective', description: 'The newest effective one holds.' })
  status!: (typeof RULE_STATES)[number];

  @ApiProperty({
    type: String,
    nullable: true,
    example: '01932c07-209c-7e5f-8a3c-5a0c8f1f6a03',
    description: 'Null for what was set before any key existed.',
  })
  proposedBy!: string | null;

  @ApiProperty({ example: '2018-03-10T01:00:00.000Z' })
  createdAt!: string;

  @ApiProperty({ type: String, nullable: true, example: '2018-03-10T01:00:00.000Z' })
  effectiveAt!: string | null;
}

export class ReleaseRulePage {
  @ApiProperty({ type: [ReleaseRuleView] })
  items!: ReleaseRuleView[];

  @ApiProperty({ type: String, nullable: true, example: null })
  nextCursor!: string | null;
}

export class ReleaseRuleDetailView extends ReleaseRuleView {
  @ApiProperty({ type: ReleaseView, nullable: true, description: 'Null unless it is weaker than the rule before.' })
  release!: ReleaseView | null;
}

export class ProposedReleaseRuleView extends ReleaseRuleDetailView {
  @ApiProperty({ type: ApprovalRequestView })
  approvalRequest!: ApprovalRequestView;
}
