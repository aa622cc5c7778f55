import { createHash, randomBytes } from 'node:crypto';

/** A secret that is shown once, to its owner; only the hash is kept. */
export interface SecretToken {
  readonly token: string;
  /** SHA-256, hex. A slow hash would add nothing: 256 random bits cannot be guessed. */
  readonly hash: string;
}

export function newSecretToken(): SecretToken {
  const token = randomBytes(32).toString('base64url');
  return { token, hash: hashOfSecret(token) };
}

export function hashOfSecret(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
