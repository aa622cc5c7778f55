import { Body, Controller, Get, Param, ParseUUIDPipe, Patch, Post, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { RequestContext } from '../platform/http/request-context.js';
import { PageQuery } from '../platform/pagination/page.js';
import { Context } from './context.decorator.js';
import { ActivationView, ChangeStaffDto, StaffPage, StaffView } from './staff.dto.js';
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

  @Patch(':id')
  @ApiOperation({ summary: 'Change role, status, customer number or relatives of another person' })
  @ApiOkResponse({ type: StaffView })
  change(@Context() context: RequestContext, @Param('id', ParseUUIDPipe) id: string, @Body() change: ChangeStaffDto) {
    return this.staff.change(context, id, change);
  }

  @Post(':id/reset')
  @ApiOperation({
    summary: "End another person's password and sessions; they choose a new one with the activation token",
  })
  @ApiCreatedResponse({ type: ActivationView })
  startReset(@Context() context: RequestContext, @Param('id', ParseUUIDPipe) id: string) {
    return this.staff.startReset(context, id);
  }
}
