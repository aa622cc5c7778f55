import { Controller, Get } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { AuditVerificationView } from './audit-verification.dto.js';
import { AuditVerificationService } from './audit-verification.service.js';

@ApiTags('audit')
@Controller('v1/audit/verification')
export class AuditVerificationController {
  constructor(private readonly verification: AuditVerificationService) {}

  @Get()
  @ApiOperation({ summary: 'Where the audit chain stands, and what its last verification found' })
  @ApiOkResponse({ type: AuditVerificationView })
  show() {
    return this.verification.show();
  }
}
