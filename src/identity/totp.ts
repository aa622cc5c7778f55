import { Secret, TOTP } from 'otpauth';

const ISSUER = 'Henkin';
/** RFC 6238 as every authenticator app speaks it. */
const FORM = { algorithm: 'SHA1', digits: 6, period: 30 } as const;
const SECRET_BYTES = 20;
/** Codes of the step before and after are taken too: clocks differ, and people type slowly. */
const WINDOW_STEPS = 1;

export function newTotpSecret(): string {
  return new Secret({ size: SECRET_BYTES }).base32;
}

/** What an authenticator app reads, usually as a picture. */
export function totpUri(secret: string, login: string): string {
  return totpOf(secret, login).toString();
}

/** The step that a code belongs to, if it is one of now; null otherwise. Whether it was used before is not asked here. */
export function totpStep(secret: string, code: string, nowMs: number): bigint | null {
  const delta = totpOf(secret).validate({ token: code, timestamp: nowMs, window: WINDOW_STEPS });
  return delta === null ? null : BigInt(Math.floor(nowMs / 1000 / FORM.period) + delta);
}

function totpOf(secret: string, label = ''): TOTP {
  return new TOTP({ ...FORM, issuer: ISSUER, label, secret: Secret.fromBase32(secret) });
}
