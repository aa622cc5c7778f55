import { setTimeout } from 'node:timers/promises';
import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { Audit, type AuditContext } from '../audit/audit.js';
import { coalesced } from '../platform/database/coalesced.js';
import { Database, type Tx } from '../platform/database/database.js';
import { Jobs } from '../platform/jobs/jobs.js';
import { ACCESS_TOKEN_SECONDS, AccessTokens, type StaffClaims } from './access-tokens.js';
import type { TokensView } from './auth.dto.js';
import { ChallengeRepository } from './challenge.repository.js';
import type { OwnSessionView } from './own-session.dto.js';
import { SessionEnded, SessionNotFound } from './identity.errors.js';
import { FRESH_SECONDS } from './permissions.js';
import type { StaffPrincipal } from './principal.js';
import type { StepUpView } from './second-factor.dto.js';
import type { SignInOrigin } from './second-factors.js';
import { hashOfSecret, newSecretToken } from './secret-token.js';
import { SessionRepository, type SessionRow } from './session.repository.js';
import { SignInThrottle } from './sign-in-throttle.js';
import { StaffMails } from './staff-mails.js';
import type { Role } from './role.js';

/** A session that was just opened; the tokens for it are made when it is certain. */
export interface OpenedSession {
  readonly claims: StaffClaims;
  readonly refreshToken: string;
}

/** How long an address stays familiar to an account, and a session can be looked up. */
const SESSIONS_KEPT_DAYS = 90;
const CHALLENGES_KEPT_DAYS = 1;

/**
 * A refresh waits this long before it spends its token, so that all that were sent together have arrived by then.
 * It is asked for once in ten minutes and nobody watches it.
 */
const SENT_TOGETHER_MS = 250;

/** Sessions of staff: all that follows from a sign-in. */
@Injectable()
export class StaffSessions implements OnModuleInit {
  private readonly logger = new Logger('SignIn');
  private readonly live = coalesced((all: readonly StaffClaims[]) =>
    this.sessions.findLive(this.database.shortStatements, all),
  );

  constructor(
    private readonly database: Database,
    private readonly sessions: SessionRepository,
    private readonly challenges: ChallengeRepository,
    private readonly throttle: SignInThrottle,
    private readonly tokens: AccessTokens,
    private readonly audit: Audit,
    private readonly mails: StaffMails,
    private readonly jobs: Jobs,
  ) {}

  onModuleInit(): void {
    this.jobs.every('session-tidying', '17 18 * * *', () => this.tidy());
  }

  /** For somebody who has just proven both factors, and recorded. */
  async open(
    tx: Tx,
    { requestId, address, device }: SignInOrigin,
    person: { readonly id: string; readonly role: Role },
    method: string,
    provenToProviderAt: Date | null = null,
  ): Promise<OpenedSession> {
    const refresh = newSecretToken();
    if (await this.sessions.isNewPlace(tx, person.id, { address, device }))
      await this.mails.leave(tx, person.id, 'new_sign_in', { address, device });
    const byOidc = provenToProviderAt !== null;
    const sessionId = await this.sessions.open(tx, person.id, { address, device }, refresh.hash, byOidc);
    if (byOidc) await this.sessions.openedAsOf(tx, sessionId, provenToProviderAt);
    await this.audit.record(
      tx,
      { actor: { id: person.id, role: person.role }, requestId },
      { action: 'staff.signed_in', subjectType: 'staff', subjectId: person.id, after: { sessionId, method } },
    );
    return { claims: { staffId: person.id, sessionId }, refreshToken: refresh.token };
  }

  /** This session is fresh as of now, or of when the provider was shown the factor; null when it ended meanwhile. */
  async prove(
    tx: Tx,
    requestId: string,
    { id, role, sessionId }: StaffPrincipal,
    method: string,
    at: Date | null = null,
  ): Promise<StepUpView | null> {
    const provenAt = await this.sessions.prove(tx, sessionId, at);
    if (!provenAt) return null;
    await this.audit.record(
      tx,
      { actor: { id, role }, requestId },
      { action: 'staff.stepped_up', subjectType: 'staff', subjectId: id, after: { sessionId, method } },
    );
    return { freshUntil: new Date(provenAt.getTime() + FRESH_SECONDS.minutes * 1000).toISOString() };
  }

  async tokensOf({ claims, refreshToken }: OpenedSession): Promise<TokensView> {
    return { accessToken: await this.tokens.issue(claims), expiresInSeconds: ACCESS_TOKEN_SECONDS, refreshToken };
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
    return this.tokensOf({ claims, refreshToken: next.token });
  }

  async signOut(requestId: string, principal: StaffPrincipal): Promise<void> {
    await this.database.transaction(async (tx) => {
      await this.sessions.end(tx, principal.sessionId, 'signed_out');
      const context = { actor: { id: principal.id, role: principal.role }, requestId };
      await this.recordEnd(tx, context, principal.sessionId, 'signed_out');
    });
  }

  /** One's own, newest first. */
  list({ id, sessionId }: StaffPrincipal): Promise<{ items: OwnSessionView[] }> {
    return this.database.consistentRead(async (tx) => {
      const rows = await this.sessions.listLive(tx, id);
      const items = rows.map(({ createdAt, provenAt, lastUsedAt, expiresAt, ...row }) => ({
        ...row,
        current: row.id === sessionId,
        createdAt: createdAt.toISOString(),
        provenAt: provenAt.toISOString(),
        lastUsedAt: lastUsedAt.toISOString(),
        expiresAt: expiresAt.toISOString(),
      }));
      return { items };
    });
  }

  /** Errors: session_not_found (also for somebody else's). */
  endOne(requestId: string, principal: StaffPrincipal, sessionId: string): Promise<void> {
    return this.database.transaction(async (tx) => {
      const ended = await this.endOwn(tx, requestId, principal, { only: sessionId });
      if (ended === 0) throw new SessionNotFound();
    });
  }

  endOthers(requestId: string, principal: StaffPrincipal): Promise<{ ended: number }> {
    return this.database.transaction(async (tx) => ({
      ended: await this.endOwn(tx, requestId, principal, { allBut: principal.sessionId }),
    }));
  }

  private async endOwn(
    tx: Tx,
    requestId: string,
    { id, role }: StaffPrincipal,
    which: { readonly only: string } | { readonly allBut: string },
  ): Promise<number> {
    const ended = await this.sessions.endOwn(tx, id, which);
    for (const sessionId of ended)
      await this.recordEnd(tx, { actor: { id, role }, requestId }, sessionId, 'signed_out');
    return ended.length;
  }

  /** Who a token speaks for at this moment; null once the session ended or the account was disabled. */
  async principal(claims: StaffClaims): Promise<StaffPrincipal | null> {
    const session = await this.live(claims);
    if (!session) return null;
    const { staffId: id, role, sessionId, provenSecondsAgo } = session;
    return { id, role, sessionId, provenSecondsAgo };
  }

  private async tidy(): Promise<void> {
    await this.database.transaction(async (tx) => {
      await this.challenges.forget(tx, CHALLENGES_KEPT_DAYS);
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
}

function contextOf(session: SessionRow, requestId: string): AuditContext {
  return { actor: { id: session.staffId, role: session.role }, requestId };
}
