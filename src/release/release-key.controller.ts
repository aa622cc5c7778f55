import { Body, Controller, Get, HttpCode, Param, ParseUUIDPipe, Post, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Context } from '../identity/context.decorator.js';
import type { RequestContext } from '../platform/http/request-context.js';
import { Idempotent } from '../platform/idempotency/idempotent.decorator.js';
import { PageQuery } from '../platform/pagination/page.js';
import { ReleaseKeyService } from './release-key.service.js';
import { ProposeReleaseKeyDto } from './release.dto.js';
import { ProposedReleaseKeyView, ReleaseKeyPage, RevokedReleaseKeyView } from './release.views.js';

@ApiTags('release')
@Controller('v1/release-keys')
export class ReleaseKeyController {
  constructor(private readonly keys: ReleaseKeyService) {}

  @Get()
  @ApiOperation({ summary: 'Public keys that sign or signed releases, newest first' })
  @ApiOkResponse({ type: ReleaseKeyPage })
  list(@Query() query: PageQuery) {
    return this.keys.list(query);
  }

  @Post()
  @Idempotent()
  @ApiOperation({ summary: 'Propose a public key; agreed to by another person it counts after the waiting time' })
  @ApiCreatedResponse({ type: ProposedReleaseKeyView })
  propose(@Context() context: RequestContext, @Body() key: ProposeReleaseKeyDto) {
    return this.keys.propose(context, key);
  }

  @Post(':id/revoke')
  @HttpCode(200)
  @Idempotent()
  @ApiOperation({ summary: 'Ask a second person to revoke a key, at once and for ever' })
  @ApiOkResponse({ type: RevokedReleaseKeyView })
  revoke(@Context() context: RequestContext, @Param('id', ParseUUIDPipe) id: string) {
    return this.keys.revoke(context, id);
  }
}
