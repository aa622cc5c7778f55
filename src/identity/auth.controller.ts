import { Body, Controller, HttpCode, Post, Req } from '@nestjs/common';
import { ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import type { RequestContext } from '../platform/http/request-context.js';
import { ActivateDto, LoginDto, RefreshDto, TokensView } from './auth.dto.js';
import { Authenticator } from './authenticator.js';
import { AuthService } from './auth.service.js';
import { Context, Principal } from './context.decorator.js';
import type { StaffPrincipal } from './principal.js';

@ApiTags('auth')
@Controller('v1/auth')
export class AuthController {
  constructor(
    private readonly auth: AuthService,
    private readonly authenticator: Authenticator,
  ) {}

  /** The body is declared so that it is validated first; passport-local then reads it from the request. */
  @Post('login')
  @HttpCode(200)
  @ApiOperation({ summary: 'Sign in as staff' })
  @ApiOkResponse({ type: TokensView })
  async login(
    @Context() { requestId }: RequestContext,
    @Req() request: FastifyRequest,
    @Body() _credentials: LoginDto,
  ) {
    return this.auth.signIn(requestId, request.ip, await this.authenticator.byPassword(request));
  }

  @Post('refresh')
  @HttpCode(200)
  @ApiOperation({ summary: 'New tokens for a refresh token; one that comes twice ends the session' })
  @ApiOkResponse({ type: TokensView })
  refresh(@Context() { requestId }: RequestContext, @Body() { refreshToken }: RefreshDto) {
    return this.auth.refresh(requestId, refreshToken);
  }

  @Post('logout')
  @HttpCode(204)
  @ApiOperation({ summary: 'End the session of this access token, at once' })
  @ApiNoContentResponse()
  logout(@Context() { requestId }: RequestContext, @Principal() principal: StaffPrincipal) {
    return this.auth.signOut(requestId, principal);
  }

  @Post('activate')
  @HttpCode(204)
  @ApiOperation({ summary: 'Choose the password of a new or reset account' })
  @ApiNoContentResponse()
  activate(@Context() { requestId }: RequestContext, @Body() { activationToken, password }: ActivateDto) {
    return this.auth.activate(requestId, activationToken, password);
  }
}
