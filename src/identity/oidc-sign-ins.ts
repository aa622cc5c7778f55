import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import type { IDToken } from 'openid-client';
import { Config } from '../platform/config/config.js';
import { Database, type Tx } from '../platform/database/database.js';
import type { OidcRealm } from '../platform/database/prisma.js';
import { Jobs } from '../platform/jobs/jobs.js';
import type { OidcCallbackDto, OidcStartedView } from './oidc.dto.js';
import { OidcNotOffered, OidcRefused } from './oidc.errors.js';
import { OidcClient, type OidcAttempt } from './oidc.js';
import { hashOfSecret, newSecretToken } from './secret-token.js';

const SIGN_IN_SECONDS = 600;

/**
 * Signing in at an identity provider, for customers and staff alike; what a sign-in is good for is said by whoever asks.
 * The window that begins gets a secret which is in no URL: with it nobody can be made to finish a sign-in that someone
 * else began, and state, nonce and PKCE verifier never leave the server.
 */
@Injectable()
export class OidcSignIns implements OnModuleInit {
  private readonly logger = new Logger('OidcSignIn');
  private readonly clients: Partial<Record<OidcRealm, OidcClient>>;

  constructor(
    { customerOidc, staffOidc }: Config,
    private readonly database: Database,
    private readonly jobs: Jobs,
  ) {
    this.clients = {
      ...(customerOidc ? { customer: new OidcClient(customerOidc) } : {}),
      ...(staffOidc ? { staff: new OidcClient(staffOidc) } : {}),
    };
  }

  onModuleInit(): void {
    this.jobs.every('oidc-sign-in-tidying', '37 * * * *', () => this.database.transaction((tx) => this.forget(tx)));
  }

  /** `maxAgeSeconds` as in `OidcClient.begin`. Errors: oidc_not_offered, oidc_unavailable. */
  async start(realm: OidcRealm, maxAgeSeconds?: number): Promise<OidcStartedView> {
    const { url, attempt } = await this.client(realm).begin(maxAgeSeconds);
    const secret = newSecretToken();
    await this.database.transaction((tx) =>
      tx.oidcSignIn.create({ data: { secretHash: secret.hash, realm, ...attempt }, select: { secretHash: true } }),
    );
    return { signInSecret: secret.token, authorizationUrl: url, expiresInSeconds: SIGN_IN_SECONDS };
  }

  /**
   * Who signed in, as the provider says. The sign-in is spent and committed before the provider is asked, whatever comes
   * of it. Errors: oidc_not_offered, oidc_refused, oidc_unavailable.
   */
  async finish(realm: OidcRealm, requestId: string, given: OidcCallbackDto, maxAgeSeconds?: number): Promise<IDToken> {
    const client = this.client(realm);
    const { signInSecret, ...answer } = given;
    const attempt = await this.database.transaction((tx) => this.spend(tx, realm, signInSecret));
    const outcome = attempt
      ? await client.finish(attempt, answer, maxAgeSeconds)
      : { refused: 'not begun here, or spent, or too old' };
    if ('person' in outcome) return outcome.person;
    this.logger.warn({ requestId, realm, why: outcome.refused }, 'sign-in at the provider refused');
    throw new OidcRefused();
  }

  private client(realm: OidcRealm): OidcClient {
    const client = this.clients[realm];
    if (!client) throw new OidcNotOffered();
    return client;
  }

  private async spend(tx: Tx, realm: OidcRealm, secret: string): Promise<OidcAttempt | null> {
    const [attempt] = await tx.$queryRaw<(OidcAttempt & { live: boolean })[]>`
      DELETE FROM oidc_sign_in WHERE secret_hash = ${hashOfSecret(secret)} AND realm = ${realm}::oidc_realm
      RETURNING state, nonce, code_verifier AS "codeVerifier", expires_at > clock_timestamp() AS live`;
    return attempt?.live ? attempt : null;
  }

  private async forget(tx: Tx): Promise<void> {
    await tx.$executeRaw`DELETE FROM oidc_sign_in WHERE expires_at < now()`;
  }
}
