import { Controller, Delete, Get, HttpCode, Param, ParseUUIDPipe, Post } from '@nestjs/common';
import { ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { RequestContext } from '../platform/http/request-context.js';
import { Context, Principal } from './context.decorator.js';
import { EndedSessionsView, OwnSessionsView } from './own-session.dto.js';
import type { StaffPrincipal } from './principal.js';
import { StaffSessions } from './staff-sessions.js';

@ApiTags('auth')
@Controller('v1/auth/sessions')
export class OwnSessionController {
  constructor(private readonly sessions: StaffSessions) {}

  @Get()
  @ApiOperation({ summary: 'Your own live sessions, newest first' })
  @ApiOkResponse({ type: OwnSessionsView })
  list(@Principal() principal: StaffPrincipal) {
    return this.sessions.list(principal);
  }

  @Delete(':id')
  @HttpCode(204)
  @ApiOperation({ summary: 'End one of your sessions, at once' })
  @ApiNoContentResponse()
  endOne(
    @Context() { requestId }: RequestContext,
    @Principal() principal: StaffPrincipal,
    @Param('id', ParseUUIDPipe) id: string,
  ) {
    return this.sessions.endOne(requestId, principal, id);
  }

  @Post('end-others')
  @HttpCode(200)
  @ApiOperation({ summary: 'End all your sessions but this one, at once' })
  @ApiOkResponse({ type: EndedSessionsView })
  endOthers(@Context() { requestId }: RequestContext, @Principal() principal: StaffPrincipal) {
    return this.sessions.endOthers(requestId, principal);
  }
}
