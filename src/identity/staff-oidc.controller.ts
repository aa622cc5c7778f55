import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Origin, Principal } from './context.decorator.js';
import { OidcCallbackDto, OidcStartedView } from './oidc.dto.js';
import type { StaffPrincipal } from './principal.js';
import { StepUpView } from './second-factor.dto.js';
import type { SignInOrigin } from './second-factors.js';
import { OidcSignedInView } from './staff-oidc.dto.js';
import { StaffOidc } from './staff-oidc.js';

@ApiTags('auth')
@Controller('v1/auth')
export class StaffOidcController {
  constructor(private readonly oidc: StaffOidc) {}

  @Post('oidc/start')
  @HttpCode(200)
  @ApiOperation({ summary: "Begin a sign-in of staff at the company's own identity provider (OpenID Connect)" })
  @ApiOkResponse({ type: OidcStartedView })
  start(@Origin() { address }: SignInOrigin) {
    return this.oidc.start(address);
  }

  @Post('oidc/callback')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Sign in as staff with what the identity provider answered',
    description: 'Called by the page to which the provider sent the person back, in the window that began.',
  })
  @ApiOkResponse({ type: OidcSignedInView })
  finish(@Origin() origin: SignInOrigin, @Body() given: OidcCallbackDto) {
    return this.oidc.signIn(origin, given);
  }

  @Post('step-up/oidc/start')
  @HttpCode(200)
  @ApiOperation({ summary: 'Begin to prove yourself again at the identity provider, as step_up_required asks' })
  @ApiOkResponse({ type: OidcStartedView })
  startStepUp(@Origin() { address }: SignInOrigin) {
    return this.oidc.startStepUp(address);
  }

  @Post('step-up/oidc/callback')
  @HttpCode(200)
  @ApiOperation({ summary: 'Your second factor was proven at the identity provider just now' })
  @ApiOkResponse({ type: StepUpView })
  stepUp(@Origin() origin: SignInOrigin, @Principal() principal: StaffPrincipal, @Body() given: OidcCallbackDto) {
    return this.oidc.stepUp(origin, principal, given);
  }
}
