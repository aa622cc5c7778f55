import { Body, Controller, Get, HttpCode, Param, ParseUUIDPipe, Post, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Context } from '../../identity/context.decorator.js';
import type { RequestContext } from '../../platform/http/request-context.js';
import { Idempotent } from '../../platform/idempotency/idempotent.decorator.js';
import { ScriptQuery, ScriptVersionQuery, WriteScriptDto } from './script.dto.js';
import { Scripts } from './script.service.js';
import { ScriptList, ScriptReleaseView, ScriptVersionPage, ScriptVersionView } from './script.views.js';

@ApiTags('call centre')
@Controller('v1')
export class ScriptController {
  constructor(private readonly scripts: Scripts) {}

  @Get('scripts')
  @ApiOperation({ summary: 'What to say in the situation at hand, with the facts of the customer filled in' })
  @ApiOkResponse({ type: ScriptList })
  read(@Context() context: RequestContext, @Query() query: ScriptQuery) {
    return this.scripts.read(context, query);
  }

  @Get('script-versions')
  @ApiOperation({ summary: 'Every version of every script, drafts too, newest first' })
  @ApiOkResponse({ type: ScriptVersionPage })
  list(@Query() query: ScriptVersionQuery) {
    return this.scripts.list(query);
  }

  @Post('script-versions')
  @Idempotent()
  @ApiOperation({ summary: 'Write a new version, which agents do not see until another person releases it' })
  @ApiCreatedResponse({ type: ScriptVersionView })
  write(@Context() context: RequestContext, @Body() script: WriteScriptDto) {
    return this.scripts.write(context, script);
  }

  @Post('script-versions/:id/release')
  @HttpCode(200)
  @Idempotent()
  @ApiOperation({ summary: 'Ask a second person to release the latest version' })
  @ApiOkResponse({ type: ScriptReleaseView })
  release(@Context() context: RequestContext, @Param('id', ParseUUIDPipe) id: string) {
    return this.scripts.release(context, id);
  }
}
