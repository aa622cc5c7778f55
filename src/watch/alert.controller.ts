import { Controller, Get, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { PageQuery } from '../platform/pagination/page.js';
import { AlertService } from './alert.service.js';
import { AlertPage } from './alert.views.js';

@ApiTags('watch')
@Controller('v1/watch/alerts')
export class AlertController {
  constructor(private readonly alerts: AlertService) {}

  @Get()
  @ApiOperation({ summary: 'What the watch has found, newest first' })
  @ApiOkResponse({ type: AlertPage })
  list(@Query() query: PageQuery) {
    return this.alerts.list(query);
  }
}
