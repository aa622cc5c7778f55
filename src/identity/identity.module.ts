import { Module } from '@nestjs/common';
import { APP_GUARD, DiscoveryModule } from '@nestjs/core';
import { IdempotencyGuard } from '../platform/idempotency/idempotency.guard.js';
import { AccessGuard } from './access.guard.js';
import { AccessTokens } from './access-tokens.js';
import { AuthController } from './auth.controller.js';
import { AuthService } from './auth.service.js';
import { Authenticator } from './authenticator.js';
import { RouteDeclarations } from './route-declarations.js';
import { SessionRepository } from './session.repository.js';
import { SignInThrottle } from './sign-in-throttle.js';
import { StaffController } from './staff.controller.js';
import { StaffRepository } from './staff.repository.js';
import { StaffService } from './staff.service.js';

/** Guards run in this order on every route: nobody learns what a request lacks before they are known. */
@Module({
  imports: [DiscoveryModule],
  controllers: [AuthController, StaffController],
  providers: [
    { provide: APP_GUARD, useClass: AccessGuard },
    { provide: APP_GUARD, useClass: IdempotencyGuard },
    AccessTokens,
    Authenticator,
    AuthService,
    RouteDeclarations,
    SessionRepository,
    SignInThrottle,
    StaffRepository,
    StaffService,
  ],
})
export class IdentityModule {}
