import { setTimeout } from 'node:timers/promises';
import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { Audit, type AuditContext } from '../audit/audit.js';
import { Database, type Tx } from '../platform/database/database.js';
import { Jobs } from '../platform/jobs/jobs.js';
import { ACCESS_TOKEN_SECONDS, AccessTokens, type StaffClaims } from './access-tokens.js';
import type { TokensView } from './auth.dto.js';
import { ActivationRefused, PasswordTooWeak, SessionEnded, SignInRefused } from './identity.errors.js';
import { passwordFlaw } from './password.rules.js';
import { hashPassword, normalised, passwordMatches } from './passwords.js';
import type { StaffPrincipal } from './principal.js';
import { hashOfSecret, newSecretToken } from './secret-token.js';
import { SessionRepository, type SessionRow } from './session.repository.js';
import { SignInThrottle } from './sign-in-throttle.js';
import { StaffRepository } from './staff.repository.js';

/** An account whose password was just given rightly; the hash says which password that was. */
export interface ProvenStaff {
  readonly id: string;
  readonly passwordHash: string;
}

export interface SignInOrigin {
  readonly address: string;
  readonly requestId: string;
}

/** How long an address stays familiar to an account, and a session can be looked up. */
const SESSIONS_KEPT_DAYS = 90;

/**
 * A refresh waits this long before it spends its token, so that all that were sent together have arrived by then.
 * It is asked for once in ten minutes and nobody watches it.
 */
const SENT_TOGETHER_MS = 250;

/** Signing in and out, and all that a session is. */
@Injectable()
export class AuthService implements OnModuleInit {
  private readonly logger = new Logger('SignIn');

  constructor(
    private readonly database: Database,
    private readonly staff: StaffRepository,
    private readonly sessions: SessionRepository,
    private readonly throttle: SignInThrottle,
    private readonly tokens: AccessTokens,
    private readonly audit: Audit,
    private readonly jobs: Jobs,
  ) {}

  onModuleInit(): void {
    this.jobs.every('session-tidying', '17 18 * * *', () => this.tidy());
  }

  /** Null for an unknown login, a wrong password and a disabled account alike, after the same work. Errors: too_many_sign_ins. */
  async checkPassword(typedLogin: string, password: string, origin: SignInOrigin): Promise<ProvenStaff | null> {
    const login = typedLogin.toLowerCase();
    const account = await this.staff.findForSignIn(this.database.shortStatements, login, origin.address);
    const attempt = { login, address: origin.address, familiar: account?.familiar ?? false };
    await this.throttle.admit(attempt);
    const matches = await passwordMatches(account?.passwordHash ?? null, password);
    if (!matches || !account?.passwordHash || account.status !== 'active') {
      this.logger.warn({ ...origin, staffId: account?.id ?? null }, 'sign-in refused');
      return null;
    }
    await this.throttle.forgive(attempt);
    return { id: account.id, passwordHash: account.passwordHash };
  }

  /** Errors: sign_in_refused, also when the account was disabled or reset since its password was checked. */
  async signIn(requestId: string, address: string, proven: ProvenStaff | null): Promise<TokensView> {
    if (!proven) throw new SignInRefused();
    const refresh = newSecretToken();
    const claims = await this.database.transaction(async (tx) => {
      const role = await this.staff.lockProven(tx, proven.id, proven.passwordHash);
      if (!role) throw new SignInRefused();
      const sessionId = await this.sessions.open(tx, proven.id, address, refresh.hash);
      const context = { actor: { id: proven.id, role }, requestId };
      await this.audit.record(tx, context, {
        action: 'staff.signed_in',
        subjectType: 'staff',
        subjectId: proven.id,
        after: { sessionId },
      });
      return { staffId: proven.id, sessionId };
    });
    return this.tokensOf(claims, refresh.token);
  }

  /**
   * Answers new tokens for a refresh token that was not used before. One that comes again ends the whole session,
   * because someone has a copy. One that arrived before the winner spent the token only lost a race: it is refused and
   * ends nothing, so that two tabs of one person do not sign each other out. Errors: session_ended.
   */
  async refresh(requestId: string, refreshToken: string): Promise<TokensView> {
    const arrived = performance.now();
    await setTimeout(SENT_TOGETHER_MS);
    const [spent, next] = [hashOfSecret(refreshToken), newSecretToken()];
    const claims = await this.database.transaction(async (tx) => {
      const rotated = await this.sessions.rotate(tx, spent, next.hash);
      if (rotated) return rotated;
      const replayed = await this.sessions.findReplayed(tx, spent, performance.now() - arrived);
      if (!replayed) return null;
      this.logger.warn(
        { requestId, staffId: replayed.staffId, sessionId: replayed.sessionId },
        'refresh token came twice',
      );
      await this.sessions.end(tx, replayed.sessionId, 'replayed');
      await this.recordEnd(tx, contextOf(replayed, requestId), replayed.sessionId, 'replayed');
      return null;
    });
    if (!claims) throw new SessionEnded();
    return this.tokensOf(claims, next.token);
  }

  async signOut(requestId: string, principal: StaffPrincipal): Promise<void> {
    await this.database.transaction(async (tx) => {
      await this.sessions.end(tx, principal.sessionId, 'signed_out');
      await this.recordEnd(
        tx,
        { actor: { id: principal.id, role: principal.role }, requestId },
        principal.sessionId,
        'signed_out',
      );
    });
  }

  /** Sets the password of a new or reset account, once. Errors: activation_refused, password_too_weak. */
  async activate(requestId: string, activationToken: string, password: string): Promise<void> {
    await this.database.transaction(async (tx) => {
      const account = await this.staff.lockByActivation(tx, hashOfSecret(activationToken));
      if (!account) throw new ActivationRefused();
      const flaw = await passwordFlaw(normalised(password), account.login);
      if (flaw) throw new PasswordTooWeak(flaw);
      await this.staff.setPassword(tx, account.id, await hashPassword(password));
      await this.audit.record(
        tx,
        { actor: { id: account.id, role: account.role }, requestId },
        {
          action: 'staff.activated',
          subjectType: 'staff',
          subjectId: account.id,
        },
      );
    });
  }

  /** Who a token speaks for at this moment; null once the session ended or the account was disabled. */
  async principal(claims: StaffClaims): Promise<StaffPrincipal | null> {
    const session = await this.sessions.findLive(this.database.shortStatements, claims.sessionId, claims.staffId);
    return session && { id: session.staffId, role: session.role, sessionId: session.sessionId };
  }

  private async tidy(): Promise<void> {
    await this.database.transaction(async (tx) => {
      await this.sessions.forget(tx, SESSIONS_KEPT_DAYS);
      await this.throttle.tidy(tx);
    });
  }

  private recordEnd(tx: Tx, context: AuditContext, sessionId: string, reason: string): Promise<void> {
    return this.audit.record(tx, context, {
      action: 'staff.session_ended',
      subjectType: 'staff',
      subjectId: context.actor.id,
      after: { sessionId, reason },
    });
  }

  private async tokensOf(claims: StaffClaims, refreshToken: string): Promise<TokensView> {
    return { accessToken: await this.tokens.issue(claims), expiresInSeconds: ACCESS_TOKEN_SECONDS, refreshToken };
  }
}

function contextOf(session: SessionRow, requestId: string): AuditContext {
  return { actor: { id: session.staffId, role: session.role }, requestId };
}
