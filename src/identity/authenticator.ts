import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import passport from 'passport';
import { Strategy as BearerStrategy } from 'passport-jwt';
import { Strategy as PasswordStrategy } from 'passport-local';
import { AccessTokens, claimsOf } from './access-tokens.js';
import { AuthService, type ProvenStaff } from './auth.service.js';
import type { StaffPrincipal } from './principal.js';
import { StaffSessions } from './staff-sessions.js';

type Settle = (error: unknown, user?: object | false) => void;

/**
 * How people prove who they are. The registry of strategies is this object's own: passport's shared one would mix up
 * two servers that run in one process.
 */
@Injectable()
export class Authenticator {
  private readonly passport = new passport.Passport();

  constructor(
    private readonly tokens: AccessTokens,
    auth: AuthService,
    private readonly sessions: StaffSessions,
  ) {
    const settle = (answer: Promise<object | null>, done: Settle) =>
      answer.then((user) => done(null, user ?? false), done);
    this.passport.use(
      'password',
      new PasswordStrategy(
        { usernameField: 'login', passwordField: 'password', passReqToCallback: true, session: false },
        (request, login, password, done) =>
          void settle(
            auth.checkPassword(login, password, { address: String(request.ip), requestId: String(request.id) }),
            done,
          ),
      ),
    );
    this.passport.use(
      'bearer',
      new BearerStrategy(
        { ...tokens.verification(), passReqToCallback: true },
        ({ headers }: FastifyRequest, payload: { readonly exp?: unknown }, done: Settle) => {
          const claims = claimsOf(payload);
          if (claims) tokens.known.keep(headers.authorization, claims, payload.exp);
          void settle(claims ? sessions.principal(claims) : Promise.resolve(null), done);
        },
      ),
    );
  }

  /** By login and password in the body; null when they are wrong. Errors: too_many_sign_ins. */
  byPassword(request: FastifyRequest): Promise<ProvenStaff | null> {
    return this.run<ProvenStaff>('password', request);
  }

  /** By the access token in the Authorization header; null when there is none, or none that is valid now. */
  byAccessToken(request: FastifyRequest): Promise<StaffPrincipal | null> {
    const claims = this.tokens.known.get(request.headers.authorization);
    return claims ? this.sessions.principal(claims) : this.run<StaffPrincipal>('bearer', request);
  }

  /** passport is made for Express, but reads no more of a request than headers and body, and answers nothing itself here. */
  private run<T>(strategy: string, request: FastifyRequest): Promise<T | null> {
    return new Promise((resolve, reject) => {
      const settled: passport.AuthenticateCallback = (error: unknown, user?: unknown) => {
        if (error) reject(error);
        else resolve((user || null) as T | null);
      };
      const middleware = this.passport.authenticate(strategy, { session: false }, settled) as (
        ...args: unknown[]
      ) => void;
      middleware(request, undefined, reject);
    });
  }
}
