import { Controller, Get, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Audit } from './audit.js';
import { AuditEventFilter, AuditEventPage } from './audit.dto.js';

@ApiTags('audit')
@Controller('v1/audit/events')
export class AuditController {
  constructor(private readonly audit: Audit) {}

  @Get()
  @ApiOperation({ summary: 'Who did what, newest first' })
  @ApiOkResponse({ type: AuditEventPage })
  list(@Query() filter: AuditEventFilter) {
    return this.audit.list(filter);
  }

  @Get('confidential')
  @ApiOperation({ summary: 'Who did what to confidential holds, newest first' })
  @ApiOkResponse({ type: AuditEventPage })
  listConfidential(@Query() filter: AuditEventFilter) {
    return this.audit.list(filter, true);
  }
}
