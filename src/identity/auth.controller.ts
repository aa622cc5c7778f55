import { Body, Controller, HttpCode, Post, Req } from '@nestjs/common';
import { ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import type { RequestContext } from '../platform/http/request-context.js';
import { ActivationService } from './activation.service.js';
import { ActivateDto, LoginDto, RefreshDto, TokensView } from './auth.dto.js';
import { Authenticator } from './authenticator.js';
import { AuthService } from './auth.service.js';
import { Context, Origin, Principal } from './context.decorator.js';
import type { StaffPrincipal } from './principal.js';
import {
  ActivationChallengeView,
  ChallengeView,
  CompleteActivationDto,
  EnrolledView,
  SecondFactorDto,
  StepUpDto,
  StepUpView,
} from './second-factor.dto.js';
import type { SignInOrigin } from './second-factors.js';
import { StaffSessions } from './staff-sessions.js';

@ApiTags('auth')
@Controller('v1/auth')
export class AuthController {
  constructor(
    private readonly auth: AuthService,
    private readonly activation: ActivationService,
    private readonly sessions: StaffSessions,
    private readonly authenticator: Authenticator,
  ) {}

  /** The body is declared so that it is validated first; passport-local then reads it from the request. */
  @Post('login')
  @HttpCode(200)
  @ApiOperation({ summary: 'Sign in as staff, first step: the password; answers what the second step asks for' })
  @ApiOkResponse({ type: ChallengeView })
  async login(@Req() request: FastifyRequest, @Body() _credentials: LoginDto) {
    return this.auth.askSecondFactor(await this.authenticator.byPassword(request));
  }

  @Post('login/second-factor')
  @HttpCode(200)
  @ApiOperation({ summary: 'Sign in as staff, second step: exactly one of totp, passkey and recoveryCode' })
  @ApiOkResponse({ type: TokensView })
  secondFactor(@Origin() origin: SignInOrigin, @Body() answer: SecondFactorDto) {
    return this.auth.signIn(origin, answer);
  }

  @Post('step-up/challenge')
  @ApiOperation({ summary: 'What a passkey has to sign to prove the second factor again' })
  @ApiCreatedResponse({ type: ChallengeView })
  askStepUp(@Principal() principal: StaffPrincipal) {
    return this.auth.askStepUp(principal);
  }

  @Post('step-up')
  @HttpCode(200)
  @ApiOperation({ summary: 'Prove the second factor again, as step_up_required asks: exactly one of its kinds' })
  @ApiOkResponse({ type: StepUpView })
  stepUp(@Origin() origin: SignInOrigin, @Principal() principal: StaffPrincipal, @Body() answer: StepUpDto) {
    return this.auth.stepUp(origin, principal, answer);
  }

  @Post('refresh')
  @HttpCode(200)
  @ApiOperation({ summary: 'New tokens for a refresh token; one that comes twice ends the session' })
  @ApiOkResponse({ type: TokensView })
  refresh(@Context() { requestId }: RequestContext, @Body() { refreshToken }: RefreshDto) {
    return this.sessions.refresh(requestId, refreshToken);
  }

  @Post('logout')
  @HttpCode(204)
  @ApiOperation({ summary: 'End the session of this access token, at once' })
  @ApiNoContentResponse()
  logout(@Context() { requestId }: RequestContext, @Principal() principal: StaffPrincipal) {
    return this.sessions.signOut(requestId, principal);
  }

  @Post('activate')
  @HttpCode(200)
  @ApiOperation({ summary: 'Choose the password of a new or reset account; it counts with the second step' })
  @ApiOkResponse({ type: ActivationChallengeView })
  activate(@Body() { activationToken, password }: ActivateDto) {
    return this.activation.choosePassword(activationToken, password);
  }

  @Post('activate/second-factor')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Enrol the second factor (totp or newPasskey), or prove the one that is there, and be signed in',
  })
  @ApiOkResponse({ type: EnrolledView })
  completeActivation(@Origin() origin: SignInOrigin, @Body() answer: CompleteActivationDto) {
    return this.activation.complete(origin, answer);
  }
}
