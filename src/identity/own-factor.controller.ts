import { Body, Controller, Delete, Get, HttpCode, Param, ParseUUIDPipe, Post } from '@nestjs/common';
import { ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Origin, Principal } from './context.decorator.js';
import { EnrolmentChallengeView, EnrolOwnFactorDto, OwnFactorsView, RenewedCodesView } from './own-factor.dto.js';
import { OwnFactors } from './own-factors.js';
import type { StaffPrincipal } from './principal.js';
import type { SignInOrigin } from './second-factors.js';

@ApiTags('auth')
@Controller('v1/auth/factors')
export class OwnFactorController {
  constructor(private readonly factors: OwnFactors) {}

  @Get()
  @ApiOperation({ summary: 'Your own second factors' })
  @ApiOkResponse({ type: OwnFactorsView })
  list(@Principal() principal: StaffPrincipal) {
    return this.factors.list(principal);
  }

  @Post('challenge')
  @ApiOperation({ summary: 'What a new authenticator app or passkey of yours has to prove' })
  @ApiCreatedResponse({ type: EnrolmentChallengeView })
  offer(@Principal() principal: StaffPrincipal) {
    return this.factors.offer(principal);
  }

  @Post()
  @ApiOperation({ summary: 'Enrol a further passkey, or an authenticator app in place of the one you have' })
  @ApiCreatedResponse({ type: OwnFactorsView })
  add(@Origin() origin: SignInOrigin, @Principal() principal: StaffPrincipal, @Body() factor: EnrolOwnFactorDto) {
    return this.factors.add(origin, principal, factor);
  }

  @Delete('totp')
  @HttpCode(204)
  @ApiOperation({ summary: 'Remove your authenticator app, unless it is your last second factor' })
  @ApiNoContentResponse()
  removeTotp(@Origin() origin: SignInOrigin, @Principal() principal: StaffPrincipal) {
    return this.factors.removeTotp(origin, principal);
  }

  @Delete('passkeys/:id')
  @HttpCode(204)
  @ApiOperation({ summary: 'Remove one of your passkeys, unless it is your last second factor' })
  @ApiNoContentResponse()
  removePasskey(
    @Origin() origin: SignInOrigin,
    @Principal() principal: StaffPrincipal,
    @Param('id', ParseUUIDPipe) id: string,
  ) {
    return this.factors.removePasskey(origin, principal, id);
  }

  @Post('recovery-codes')
  @ApiOperation({ summary: 'Ten new recovery codes, shown once; the former ones work no more' })
  @ApiCreatedResponse({ type: RenewedCodesView })
  renewRecoveryCodes(@Origin() origin: SignInOrigin, @Principal() principal: StaffPrincipal) {
    return this.factors.renewRecoveryCodes(origin, principal);
  }
}
