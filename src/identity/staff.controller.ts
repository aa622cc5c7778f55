import { Controller, Get, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { PageQuery } from '../platform/pagination/page.js';
import { StaffPage } from './staff.dto.js';
import { StaffService } from './staff.service.js';

@ApiTags('staff')
@Controller('v1/staff')
export class StaffController {
  constructor(private readonly staff: StaffService) {}

  @Get()
  @ApiOperation({ summary: 'All accounts' })
  @ApiOkResponse({ type: StaffPage })
  list(@Query() page: PageQuery) {
    return this.staff.list(page);
  }
}
