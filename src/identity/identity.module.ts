import { Module } from '@nestjs/common';
import { APP_GUARD, DiscoveryModule } from '@nestjs/core';
import { IdempotencyGuard } from '../platform/idempotency/idempotency.guard.js';
import { ActivationService } from './activation.service.js';
import { AccessGuard } from './access.guard.js';
import { AccessTokens } from './access-tokens.js';
import { AuthController } from './auth.controller.js';
import { AuthService } from './auth.service.js';
import { Authenticator } from './authenticator.js';
import { ChallengeRepository } from './challenge.repository.js';
import { CustomerAuthController } from './customer-auth.controller.js';
import { CustomerCodes } from './customer-codes.js';
import { CustomerPlaces } from './customer-origin.js';
import { CustomerSessionRepository } from './customer-session.repository.js';
import { CustomerSessions } from './customer-sessions.js';
import { CustomerThrottle } from './customer-throttle.js';
import { CustomerTokens } from './customer-tokens.js';
import { FactorRepository } from './factor.repository.js';
import { OwnFactorController } from './own-factor.controller.js';
import { OwnFactors } from './own-factors.js';
import { OwnSessionController } from './own-session.controller.js';
import { Passkeys } from './passkeys.js';
import { OidcSignIns } from './oidc-sign-ins.js';
import { RouteDeclarations } from './route-declarations.js';
import { SecondFactorThrottle } from './second-factor-throttle.js';
import { SecondFactors } from './second-factors.js';
import { SecretBox } from './secret-box.js';
import { SessionRepository } from './session.repository.js';
import { SignInThrottle } from './sign-in-throttle.js';
import { StaffChanges } from './staff-changes.js';
import { StaffController } from './staff.controller.js';
import { StaffOidcController } from './staff-oidc.controller.js';
import { StaffOidc } from './staff-oidc.js';
import { StaffMails } from './staff-mails.js';
import { StaffRepository } from './staff.repository.js';
import { StaffService } from './staff.service.js';
import { StaffSessions } from './staff-sessions.js';

/** Guards run in this order on every route: nobody learns what a request lacks before they are known. */
@Module({
  imports: [DiscoveryModule],
  controllers: [
    AuthController,
    OwnFactorController,
    OwnSessionController,
    StaffOidcController,
    CustomerAuthController,
    StaffController,
  ],
  providers: [
    { provide: APP_GUARD, useClass: AccessGuard },
    { provide: APP_GUARD, useClass: IdempotencyGuard },
    AccessTokens,
    ActivationService,
    Authenticator,
    AuthService,
    ChallengeRepository,
    CustomerCodes,
    CustomerPlaces,
    CustomerSessionRepository,
    CustomerSessions,
    CustomerThrottle,
    CustomerTokens,
    FactorRepository,
    OwnFactors,
    Passkeys,
    OidcSignIns,
    RouteDeclarations,
    SecondFactors,
    SecondFactorThrottle,
    SecretBox,
    SessionRepository,
    SignInThrottle,
    StaffChanges,
    StaffMails,
    StaffOidc,
    StaffRepository,
    StaffService,
    StaffSessions,
  ],
  exports: [
    CustomerCodes,
    CustomerPlaces,
    CustomerSessions,
    CustomerThrottle,
    FactorRepository,
    OidcSignIns,
    SessionRepository,
    StaffChanges,
    StaffMails,
    StaffRepository,
  ],
})
export class IdentityModule {}
