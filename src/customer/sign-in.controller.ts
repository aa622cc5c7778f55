import { Body, Controller, HttpCode, Post, Req } from '@nestjs/common';
import { ApiAcceptedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { TokensView } from '../identity/auth.dto.js';
import { SignInOriginOfCustomer, type CustomerOrigin } from '../identity/customer-origin.js';
import { OidcCallbackDto, OidcStartedView } from '../identity/oidc.dto.js';
import { CodeSignIn } from './code-sign-in.service.js';
import { OidcSignIn } from './oidc-sign-in.service.js';
import { AskCodeDto, AskedCodeView, SpendCodeDto } from './sign-in.dto.js';

@ApiTags('auth')
@Controller('v1/auth/customer')
export class CustomerSignInController {
  constructor(
    private readonly codes: CodeSignIn,
    private readonly oidc: OidcSignIn,
  ) {}

  @Post('codes')
  @HttpCode(202)
  @ApiOperation({
    summary: 'Ask for a sign-in code by mail',
    description: 'The answer is the same whether or not anybody has this address.',
  })
  @ApiAcceptedResponse({ type: AskedCodeView })
  ask(@Req() { ip }: FastifyRequest, @Body() asked: AskCodeDto) {
    return this.codes.ask(ip, asked);
  }

  @Post('sessions')
  @HttpCode(200)
  @ApiOperation({ summary: 'Sign in as a customer with the code from the mail' })
  @ApiOkResponse({ type: TokensView })
  signIn(@SignInOriginOfCustomer() origin: CustomerOrigin, @Body() given: SpendCodeDto) {
    return this.codes.signIn(origin, given);
  }

  @Post('oidc/start')
  @HttpCode(200)
  @ApiOperation({ summary: "Begin a sign-in at the exchange's own identity provider (OpenID Connect)" })
  @ApiOkResponse({ type: OidcStartedView })
  start(@Req() { ip }: FastifyRequest) {
    return this.oidc.start(ip);
  }

  @Post('oidc/callback')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Sign in as a customer with what the identity provider answered',
    description: 'Called by the page to which the provider sent the customer back, in the window that began.',
  })
  @ApiOkResponse({ type: TokensView })
  finish(@SignInOriginOfCustomer() origin: CustomerOrigin, @Body() given: OidcCallbackDto) {
    return this.oidc.signIn(origin, given);
  }
}
