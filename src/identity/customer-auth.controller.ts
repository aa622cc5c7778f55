import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { RequestContext } from '../platform/http/request-context.js';
import { RefreshDto, TokensView } from './auth.dto.js';
import { Context } from './context.decorator.js';
import type { CustomerPrincipal } from './customer-principal.js';
import { CustomerSessions } from './customer-sessions.js';
import { Customer } from './customer.decorator.js';

@ApiTags('auth')
@Controller('v1/auth/customer')
export class CustomerAuthController {
  constructor(private readonly sessions: CustomerSessions) {}

  @Post('refresh')
  @HttpCode(200)
  @ApiOperation({ summary: 'New tokens of a customer for a refresh token; one that comes twice ends the session' })
  @ApiOkResponse({ type: TokensView })
  refresh(@Context() { requestId }: RequestContext, @Body() { refreshToken }: RefreshDto) {
    return this.sessions.refresh(requestId, refreshToken);
  }

  @Post('logout')
  @HttpCode(204)
  @ApiOperation({ summary: 'End the session of this customer, at once' })
  @ApiNoContentResponse()
  logout(@Context() { requestId }: RequestContext, @Customer() customer: CustomerPrincipal) {
    return this.sessions.signOut(requestId, customer);
  }
}
