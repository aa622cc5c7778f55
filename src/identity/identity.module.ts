import { Module } from '@nestjs/common';
import { APP_GUARD, DiscoveryModule } from '@nestjs/core';
import { IdempotencyGuard } from '../platform/idempotency/idempotency.guard.js';
import { AccessGuard } from './access.guard.js';
import { AccessTokens } from './access-tokens.js';
import { AuthController } from './auth.controller.js';
import { AuthService } from './auth.service.js';
import { Authenticator } from './authenticator.js';
import { CustomerAuthController } from './customer-auth.controller.js';
import { CustomerCodes } from './customer-codes.js';
import { CustomerSessionRepository } from './customer-session.repository.js';
import { CustomerSessions } from './customer-sessions.js';
import { CustomerThrottle } from './customer-throttle.js';
import { CustomerTokens } from './customer-tokens.js';
import { OidcSignIns } from './oidc-sign-ins.js';
import { RouteDeclarations } from './route-declarations.js';
import { SessionRepository } from './session.repository.js';
import { SignInThrottle } from './sign-in-throttle.js';
import { StaffController } from './staff.controller.js';
import { StaffRepository } from './staff.repository.js';
import { StaffService } from './staff.service.js';

/** Guards run in this order on every route: nobody learns what a request lacks before they are known. */
@Module({
  imports: [DiscoveryModule],
  controllers: [AuthController, CustomerAuthController, StaffController],
  providers: [
    { provide: APP_GUARD, useClass: AccessGuard },
    { provide: APP_GUARD, useClass: IdempotencyGuard },
    AccessTokens,
    Authenticator,
    AuthService,
    CustomerCodes,
    CustomerSessionRepository,
    CustomerSessions,
    CustomerThrottle,
    CustomerTokens,
    OidcSignIns,
    RouteDeclarations,
    SessionRepository,
    SignInThrottle,
    StaffRepository,
    StaffService,
  ],
  exports: [CustomerCodes, CustomerSessions, CustomerThrottle, OidcSignIns],
})
export class IdentityModule {}
