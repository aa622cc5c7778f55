import { Body, Controller, Get, HttpCode, Post } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Context } from '../identity/context.decorator.js';
import type { RequestContext } from '../platform/http/request-context.js';
import { Idempotent } from '../platform/idempotency/idempotent.decorator.js';
import { KillSwitchService } from './kill-switch.service.js';
import { KillSwitchDto, KillSwitchReleaseView, KillSwitchView } from './kill-switch.views.js';

@ApiTags('kill switch')
@Controller('v1/kill-switch')
export class KillSwitchController {
  constructor(private readonly killSwitch: KillSwitchService) {}

  @Get()
  @ApiOperation({ summary: 'Is it pulled, by whom and why; and does the watch live' })
  @ApiOkResponse({ type: KillSwitchView })
  show() {
    return this.killSwitch.show();
  }

  @Post('pull')
  @HttpCode(200)
  @Idempotent()
  @ApiOperation({ summary: 'Stop all crediting within one chunk' })
  @ApiOkResponse({ type: KillSwitchView })
  pull(@Context() context: RequestContext, @Body() { reason }: KillSwitchDto) {
    return this.killSwitch.pull(context, reason);
  }

  @Post('release')
  @HttpCode(200)
  @Idempotent()
  @ApiOperation({ summary: 'Ask for a second person to let crediting go on' })
  @ApiOkResponse({ type: KillSwitchReleaseView })
  release(@Context() context: RequestContext, @Body() { reason }: KillSwitchDto) {
    return this.killSwitch.release(context, reason);
  }
}
