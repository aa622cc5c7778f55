import { Controller, Get, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProperty, ApiPropertyOptional, ApiTags } from '@nestjs/swagger';
import { IsOptional, Matches, MaxLength } from 'class-validator';
import { Database } from '../platform/database/database.js';
import { decodeBigintCursor, PageQuery, toPage } from '../platform/pagination/page.js';
import { Roles } from './roles.decorator.js';

const WORD = /^[A-Za-z0-9._:-]{1,64}$/;

export class AuditEventFilter extends PageQuery {
  @ApiPropertyOptional({ example: 'credit_batch' })
  @IsOptional()
  @Matches(WORD)
  subjectType?: string;

  @ApiPropertyOptional({ example: '2' })
  @IsOptional()
  @Matches(WORD)
  subjectId?: string;

  @ApiPropertyOptional({ example: 'approval.approved' })
  @IsOptional()
  @MaxLength(64)
  action?: string;

  @ApiPropertyOptional({ example: '01932c07-209c-7e5f-8a3c-5a0c8f1f6a03' })
  @IsOptional()
  @Matches(WORD)
  actorId?: string;
}

export class AuditEventView {
  @ApiProperty({ example: '42' })
  id!: string;

  @ApiProperty({ example: '2018-03-12T01:00:00.000Z' })
  occurredAt!: string;

  @ApiProperty({ example: 'approval.approved' })
  action!: string;
}

/** Stands here and not in audit/, because who may read is known only from identity/ on. */
@ApiTags('audit')
@Controller('v1/audit/events')
export class AuditEventsController {
  constructor(private readonly database: Database) {}

  @Get()
  @Roles('auditor')
  @ApiOperation({ summary: 'The audit trail, newest first' })
  @ApiOkResponse({ type: [AuditEventView] })
  list(@Query() { limit, cursor, subjectType, subjectId, action, actorId }: AuditEventFilter) {
    return this.database.consistentRead(async (tx) => {
      const before = decodeBigintCursor(cursor);
      const given = Object.fromEntries(Object.entries({ subjectType, subjectId, action, actorId }).filter(([, value]) => value !== undefined));
      const rows = await tx.auditEvent.findMany({ where: { ...given, ...(before === null ? {} : { id: { lt: before } }) }, orderBy: { id: 'desc' }, take: limit + 1 });
      return toPage(rows, limit, (row) => row.id.toString(), ({ id, occurredAt, rowCount, sumJpy, ...rest }) => ({
        id: id.toString(),
        occurredAt: occurredAt.toISOString(),
        rowCount: rowCount?.toString() ?? null,
        sumJpy: sumJpy?.toString() ?? null,
        ...rest,
      }));
    });
  }
}
