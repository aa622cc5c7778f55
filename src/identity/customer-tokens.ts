import { Injectable } from '@nestjs/common';
import { JwtService } from '@nestjs/jwt';
import { Config } from '../platform/config/config.js';
import { ACCESS_TOKEN_SECONDS, TOKEN_ISSUER } from './access-tokens.js';
import { ReadTokens } from './read-tokens.js';
import { tokenKey } from './token-key.js';

export const CUSTOMER_AUDIENCE = 'henkin:customer';

/** What a customer's access token says: whose, and in which session. */
export interface CustomerClaims {
  readonly holderId: bigint;
  readonly sessionId: string;
}

/**
 * Signs and reads the access tokens of customers. Key and audience are others than those of staff, so that neither kind
 * of token is ever taken for the other, even by code that forgets to look at one of the two.
 */
@Injectable()
export class CustomerTokens {
  private readonly key: Buffer;
  private readonly keyId: string;
  private readonly jwt = new JwtService();
  private readonly known = new ReadTokens<CustomerClaims>();

  constructor(config: Config) {
    ({ key: this.key, keyId: this.keyId } = tokenKey(config.tokenSecret, CUSTOMER_AUDIENCE));
  }

  issue({ holderId, sessionId }: CustomerClaims): Promise<string> {
    return this.jwt.signAsync(
      { sid: sessionId },
      {
        secret: this.key,
        algorithm: 'HS256',
        keyid: this.keyId,
        subject: holderId.toString(),
        issuer: TOKEN_ISSUER,
        audience: CUSTOMER_AUDIENCE,
        expiresIn: ACCESS_TOKEN_SECONDS,
      },
    );
  }

  /** From the Authorization header and from nowhere else; null for whatever is not a token of ours that is valid now. */
  async read(authorization: string | undefined): Promise<CustomerClaims | null> {
    const known = this.known.get(authorization);
    if (known) return known;
    const token = /^Bearer ([\w-]+\.[\w-]+\.[\w-]+)$/iu.exec(authorization ?? '')?.[1];
    if (token === undefined) return null;
    const payload = await this.jwt
      .verifyAsync<{ sub?: unknown; sid?: unknown; exp?: unknown }>(token, {
        secret: this.key,
        algorithms: ['HS256'],
        issuer: TOKEN_ISSUER,
        audience: CUSTOMER_AUDIENCE,
      })
      .catch(() => null);
    if (typeof payload?.sub !== 'string' || typeof payload.sid !== 'string' || !/^\d{1,18}$/.test(payload.sub))
      return null;
    const claims = { holderId: BigInt(payload.sub), sessionId: payload.sid };
    this.known.keep(authorization, claims, payload.exp);
    return claims;
  }
}
