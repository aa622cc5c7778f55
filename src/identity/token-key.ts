import { createHash, createSecretKey, hkdfSync } from 'node:crypto';

/** What signs the tokens of one audience, and the name of it that each token carries. */
export interface TokenKey {
  readonly key: Buffer;
  readonly keyId: string;
}

/** Made from the secret for this one audience: nothing else that is signed with the secret passes for a token of it. */
export function tokenKey(secret: string, audience: string): TokenKey {
  const bytes = Buffer.from(hkdfSync('sha256', secret, '', audience, 32));
  return {
    // A key object, which the types of jsonwebtoken's wrappers do not know: of bytes it makes one at every request, and
    // tries to read them as a public key first.
    key: createSecretKey(bytes) as unknown as Buffer,
    keyId: createHash('sha256').update(bytes).digest('hex').slice(0, 16),
  };
}
