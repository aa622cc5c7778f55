import { Injectable } from '@nestjs/common';
import { JwtService } from '@nestjs/jwt';
import { ExtractJwt, type StrategyOptionsWithoutRequest } from 'passport-jwt';
import { Config } from '../platform/config/config.js';
import { ReadTokens } from './read-tokens.js';
import { tokenKey } from './token-key.js';

export const TOKEN_ISSUER = 'henkin';
export const STAFF_AUDIENCE = 'henkin:staff';
/** Short, because whoever copies one can use it until then; what must bite at once is read from the database. */
export const ACCESS_TOKEN_SECONDS = 600;

/** What an access token says: who and in which session. The role is not in it, because roles change. */
export interface StaffClaims {
  readonly staffId: string;
  readonly sessionId: string;
}

/** Signs the access tokens of staff and says how one must look to be believed. */
@Injectable()
export class AccessTokens {
  /** Names the key inside each token, so that a later key can be told from this one. */
  readonly keyId: string;
  /** Those that were believed before. */
  readonly known = new ReadTokens<StaffClaims>();
  private readonly key: Buffer;
  private readonly jwt = new JwtService();

  constructor(config: Config) {
    ({ key: this.key, keyId: this.keyId } = tokenKey(config.tokenSecret, STAFF_AUDIENCE));
  }

  issue(claims: StaffClaims): Promise<string> {
    return this.jwt.signAsync(
      { sid: claims.sessionId },
      {
        secret: this.key,
        algorithm: 'HS256',
        keyid: this.keyId,
        subject: claims.staffId,
        issuer: TOKEN_ISSUER,
        audience: STAFF_AUDIENCE,
        expiresIn: ACCESS_TOKEN_SECONDS,
      },
    );
  }

  /** One algorithm, one key, one issuer, one audience; taken from the Authorization header and from nowhere else. */
  verification(): StrategyOptionsWithoutRequest {
    return {
      jwtFromRequest: ExtractJwt.fromAuthHeaderAsBearerToken(),
      algorithms: ['HS256'],
      issuer: TOKEN_ISSUER,
      audience: STAFF_AUDIENCE,
      secretOrKeyProvider: (_request: unknown, token: string, done: (error: Error | null, key?: Buffer) => void) => {
        const decoded = this.jwt.decode<{ header: { kid?: unknown } } | null>(token, { complete: true });
        if (decoded?.header.kid === this.keyId) done(null, this.key);
        else done(new Error('unknown key'));
      },
    };
  }
}

/** Null when a token that we signed says something else than we write today. */
export function claimsOf(payload: unknown): StaffClaims | null {
  const { sub, sid } = payload as { sub?: unknown; sid?: unknown };
  return typeof sub === 'string' && typeof sid === 'string' ? { staffId: sub, sessionId: sid } : null;
}
