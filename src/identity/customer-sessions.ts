import { setTimeout } from 'node:timers/promises';
import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { Audit } from '../audit/audit.js';
import { coalesced } from '../platform/database/coalesced.js';
import { Database, type Tx } from '../platform/database/database.js';
import type { CustomerSignInMethod } from '../platform/database/prisma.js';
import { Jobs } from '../platform/jobs/jobs.js';
import { ACCESS_TOKEN_SECONDS } from './access-tokens.js';
import type { TokensView } from './auth.dto.js';
import { CustomerCodes } from './customer-codes.js';
import { CustomerPlaces, type CustomerOrigin } from './customer-origin.js';
import { CUSTOMER, type CustomerPrincipal } from './customer-principal.js';
import { CustomerSessionEnded } from './customer-sign-in.errors.js';
import { CustomerSessionRepository, type OwnVersion } from './customer-session.repository.js';
import { CustomerTokens, type CustomerClaims } from './customer-tokens.js';
import { hashOfSecret, newSecretToken } from './secret-token.js';

const SESSIONS_KEPT_DAYS = 90;
const CODES_KEPT_DAYS = 1;
/** As for staff: long enough that all refreshes which were sent together have arrived before one is called a replay. */
const SENT_TOGETHER_MS = 250;

/** Sessions of customers, whichever way they proved who they are. */
@Injectable()
export class CustomerSessions implements OnModuleInit {
  private readonly logger = new Logger('CustomerSignIn');
  private readonly live = this.liveWith({ name: 'alone', version: () => 'NULL::text' });
  private readonly liveWithVersion = new Map<string, typeof this.live>();

  constructor(
    private readonly database: Database,
    private readonly sessions: CustomerSessionRepository,
    private readonly codes: CustomerCodes,
    private readonly places: CustomerPlaces,
    private readonly tokens: CustomerTokens,
    private readonly audit: Audit,
    private readonly jobs: Jobs,
  ) {}

  onModuleInit(): void {
    this.jobs.every('customer-session-tidying', '27 18 * * *', () =>
      this.database.transaction(async (tx) => {
        await this.sessions.forget(tx, SESSIONS_KEPT_DAYS);
        await this.codes.forget(tx, CODES_KEPT_DAYS);
      }),
    );
  }

  /** Opens a session for a customer who has just proved who they are, and records it. */
  async open(
    tx: Tx,
    { requestId, device }: CustomerOrigin,
    holderId: bigint,
    method: CustomerSignInMethod,
  ): Promise<TokensView> {
    if (device !== null) await this.sessions.rememberDevice(tx, holderId, this.places.deviceHash(device));
    const refresh = newSecretToken();
    const claims = await this.sessions.open(tx, holderId, method, refresh.hash);
    await this.record(tx, requestId, claims, 'customer.signed_in', { method });
    return this.tokensOf(claims, refresh.token);
  }

  /** As for staff: a token that comes again ends the session, unless it only lost a race. Errors: session_ended. */
  async refresh(requestId: string, refreshToken: string): Promise<TokensView> {
    const arrived = performance.now();
    await setTimeout(SENT_TOGETHER_MS);
    const [spent, next] = [hashOfSecret(refreshToken), newSecretToken()];
    const claims = await this.database.transaction(async (tx) => {
      const rotated = await this.sessions.rotate(tx, spent, next.hash);
      if (rotated) return rotated;
      const replayed = await this.sessions.findReplayed(tx, spent, performance.now() - arrived);
      if (replayed) await this.end(tx, requestId, replayed, 'replayed');
      return null;
    });
    if (!claims) throw new CustomerSessionEnded();
    return this.tokensOf(claims, next.token);
  }

  signOut(requestId: string, customer: CustomerPrincipal): Promise<void> {
    return this.database.transaction((tx) => this.end(tx, requestId, customer, 'signed_out'));
  }

  /**
   * From now on, for whoever asks for this route and has an answer already, its version is read by the same statement that sees
   * whether the session is open: a customer who only wants to know whether anything has changed costs one statement.
   */
  versionsFor(route: string, version: OwnVersion['version']): void {
    this.liveWithVersion.set(route, this.liveWith({ name: route, version }));
  }

  /**
   * Whom the Authorization header speaks for at this moment; null once the session ended. With the version of what
   * `versionOf`, a route, answers, if it has one.
   */
  async principal(authorization: string | undefined, versionOf?: string): Promise<CustomerPrincipal | null> {
    const claims = await this.tokens.read(authorization);
    if (!claims) return null;
    const live = await (this.liveWithVersion.get(versionOf ?? '') ?? this.live)(claims);
    return live && { id: live.holderId.toString(), role: CUSTOMER, ...live };
  }

  private liveWith(version: OwnVersion) {
    return coalesced((all: readonly CustomerClaims[]) =>
      this.sessions.findLive(this.database.shortStatements, version, all),
    );
  }

  private async end(
    tx: Tx,
    requestId: string,
    claims: CustomerClaims,
    reason: 'signed_out' | 'replayed',
  ): Promise<void> {
    if (reason === 'replayed') this.logger.warn({ requestId, sessionId: claims.sessionId }, 'refresh token came twice');
    await this.sessions.end(tx, claims.sessionId, reason);
    await this.record(tx, requestId, claims, 'customer.session_ended', { reason });
  }

  private record(
    tx: Tx,
    requestId: string,
    { holderId, sessionId }: CustomerClaims,
    action: string,
    facts: Readonly<Record<string, string>>,
  ): Promise<void> {
    const id = holderId.toString();
    return this.audit.record(
      tx,
      { actor: { id, role: CUSTOMER }, requestId },
      { action, subjectType: 'holder', subjectId: id, after: { sessionId, ...facts } },
    );
  }

  private async tokensOf(claims: CustomerClaims, refreshToken: string): Promise<TokensView> {
    return { accessToken: await this.tokens.issue(claims), expiresInSeconds: ACCESS_TOKEN_SECONDS, refreshToken };
  }
}
