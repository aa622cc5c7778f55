import {
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  calculatePKCECodeChallenge,
  discovery,
  enableNonRepudiationChecks,
  randomNonce,
  randomPKCECodeVerifier,
  randomState,
  type Configuration,
  type IDToken,
} from 'openid-client';
import type { OidcSettings } from '../platform/config/config.js';
import { OidcUnavailable } from './oidc.errors.js';

/** What the provider's answer must fit; kept by the server and shown to nobody. */
export interface OidcAttempt {
  readonly state: string;
  readonly nonce: string;
  readonly codeVerifier: string;
}

/** What the provider sent the person back with. */
export interface OidcAnswer {
  readonly code: string;
  readonly state: string;
  /** The provider's own name (RFC 9207); required from providers that say they send it. */
  readonly iss?: string;
}

/** `refused` is for the log: it names no person and no secret. */
export type OidcOutcome = { readonly person: IDToken } | { readonly refused: string };

/** A provider that says nothing must not hold a person for longer. */
const SILENCE_TIMEOUT_SECONDS = 10;

/** One identity provider: authorisation code with PKCE, state and nonce, and an ID token whose signature is always checked. */
export class OidcClient {
  private known: Promise<Configuration> | null = null;

  constructor(private readonly settings: OidcSettings) {}

  /**
   * Where to send the person, and what the answer must fit; with `maxAgeSeconds` whoever proved themselves to the provider
   * longer ago has to do so again. Errors: oidc_unavailable.
   */
  async begin(maxAgeSeconds?: number): Promise<{ readonly url: string; readonly attempt: OidcAttempt }> {
    const attempt = { state: randomState(), nonce: randomNonce(), codeVerifier: randomPKCECodeVerifier() };
    const url = buildAuthorizationUrl(await this.provider(), {
      redirect_uri: this.settings.redirectUri,
      scope: 'openid',
      state: attempt.state,
      nonce: attempt.nonce,
      code_challenge: await calculatePKCECodeChallenge(attempt.codeVerifier),
      code_challenge_method: 'S256',
      ...(maxAgeSeconds === undefined ? {} : { max_age: maxAgeSeconds.toString() }),
    });
    return { url: url.href, attempt };
  }

  /**
   * Who the provider says it is, or what did not fit: state, issuer, code, audience, nonce, time, age or signature.
   * Errors: oidc_unavailable.
   */
  async finish(attempt: OidcAttempt, answer: OidcAnswer, maxAgeSeconds?: number): Promise<OidcOutcome> {
    const provider = await this.provider();
    const url = new URL(this.settings.redirectUri);
    for (const [name, value] of Object.entries(answer)) if (value !== undefined) url.searchParams.set(name, value);
    try {
      const tokens = await authorizationCodeGrant(provider, url, {
        expectedState: attempt.state,
        expectedNonce: attempt.nonce,
        pkceCodeVerifier: attempt.codeVerifier,
        idTokenExpected: true,
        ...(maxAgeSeconds === undefined ? {} : { maxAge: maxAgeSeconds }),
      });
      const person = tokens.claims();
      return person ? { person } : { refused: 'no ID token' };
    } catch (error) {
      if (isSilence(error)) throw new OidcUnavailable();
      return { refused: (error as Error).message };
    }
  }

  /** Asked for once; a provider that could not be reached is asked again by the next sign-in. */
  private async provider(): Promise<Configuration> {
    const { issuer, clientId, clientSecret } = this.settings;
    this.known ??= discovery(new URL(issuer), clientId, clientSecret, undefined, {
      timeout: SILENCE_TIMEOUT_SECONDS,
      execute: [enableNonRepudiationChecks, ...(issuer.startsWith('http:') ? [allowInsecureRequests] : [])],
    });
    try {
      return await this.known;
    } catch {
      this.known = null;
      throw new OidcUnavailable();
    }
  }
}

/** No answer, or none that the protocol knows; everything else is an answer that was not good enough. */
function isSilence(error: unknown): boolean {
  const { code } = error as { code?: unknown };
  return (
    error instanceof TypeError ||
    code === 'OAUTH_TIMEOUT' ||
    code === 'OAUTH_RESPONSE_IS_NOT_CONFORM' ||
    code === 'OAUTH_RESPONSE_IS_NOT_JSON'
  );
}
