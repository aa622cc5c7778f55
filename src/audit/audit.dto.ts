import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Matches } from 'class-validator';
import type { Json } from '../platform/json.js';
import { PageQuery } from '../platform/pagination/page.js';
import { MayBeLeftOut } from '../platform/http/may-be-left-out.decorator.js';

export class AuditEventFilter extends PageQuery {
  @ApiPropertyOptional({ example: 'credit_batch', description: 'Only events about this kind of thing.' })
  @MayBeLeftOut()
  @Matches(/^[a-z_]{1,40}$/, { message: 'subjectType must be a word such as credit_batch' })
  subjectType?: string;

  @ApiPropertyOptional({
    example: '7',
    description: 'Only events about the thing with this id; best given with subjectType.',
  })
  @MayBeLeftOut()
  @Matches(/^[A-Za-z0-9._-]{1,100}$/, { message: 'subjectId must be an id as events show it' })
  subjectId?: string;

  @ApiPropertyOptional({ example: 'credit_batch.submitted', description: 'Only events of this action.' })
  @MayBeLeftOut()
  @Matches(/^[a-z_.]{1,80}$/, { message: 'action must be words such as credit_batch.submitted' })
  action?: string;

  @ApiPropertyOptional({
    example: '01932c07-209c-7e5f-8a3c-5a0c8f1f6a03',
    description: 'Only events of this person, or of system.',
  })
  @MayBeLeftOut()
  @Matches(/^[A-Za-z0-9._-]{1,100}$/, { message: 'actorId must be an id as events show it' })
  actorId?: string;
}

export class AuditEventView {
  @ApiProperty({ example: '1042' })
  id!: string;

  @ApiProperty({ example: '2018-03-12T01:00:00.000Z' })
  occurredAt!: string;

  @ApiProperty({ example: '01932c07-209c-7e5f-8a3c-5a0c8f1f6a03' })
  actorId!: string;

  @ApiProperty({ example: 'finance_maker', description: 'The role in which it was done.' })
  actorRole!: string;

  @ApiProperty({ example: 'credit_batch.submitted' })
  action!: string;

  @ApiProperty({ example: 'credit_batch' })
  subjectType!: string;

  @ApiProperty({ example: '7' })
  subjectId!: string;

  @ApiProperty({ example: 'b7c0e2e8-62a5-4f0b-9c51-0f2f5f6f9e11' })
  requestId!: string;

  @ApiProperty({ type: Object, nullable: true, example: { status: 'draft' } })
  before!: Json;

  @ApiProperty({ type: Object, nullable: true, example: { status: 'submitted' } })
  after!: Json;

  @ApiProperty({
    type: String,
    nullable: true,
    example: '259800',
    description: 'Rows changed by the statement that the event stands for.',
  })
  rowCount!: string | null;

  @ApiProperty({ type: String, nullable: true, example: '46290000000' })
  sumJpy!: string | null;

  @ApiProperty({
    type: String,
    nullable: true,
    example: 'a3f5'.repeat(16),
    description: 'SHA-256 over those rows, in order.',
  })
  rowsDigest!: string | null;
}

export class AuditEventPage {
  @ApiProperty({ type: [AuditEventView] })
  items!: AuditEventView[];

  @ApiProperty({ type: String, nullable: true, example: null })
  nextCursor!: string | null;
}
