import { generateKeyPairSync, sign } from 'node:crypto';
import { fingerprintOf, publicKeyOf } from '../../src/release/ed25519.js';
import type { TestDatabase } from './database.js';

/** A key pair as someone outside would hold it. */
export interface TestKey {
  readonly publicKey: string;
  readonly fingerprint: string;
  /** What is handed in for this statement. */
  sign(statement: { sha256: string; statement: string }): {
    statementSha256: string;
    keyFingerprint: string;
    signature: string;
  };
}

export function makeKey(): TestKey {
  const { privateKey } = generateKeyPairSync('ed25519');
  const publicKey = publicKeyOf(privateKey);
  const keyFingerprint = fingerprintOf(publicKey);
  return {
    publicKey: publicKey.toString('base64'),
    fingerprint: keyFingerprint,
    sign: ({ sha256, statement }) => ({
      statementSha256: sha256,
      keyFingerprint,
      signature: sign(null, Buffer.from(statement), privateKey).toString('base64'),
    }),
  };
}

/** Keys that have been registered for two days; how they get there is tested with the registry. Somebody of staff must exist. */
export async function registeredKeys(database: TestDatabase, count: number): Promise<TestKey[]> {
  const keys = Array.from({ length: count }, makeKey);
  await database.asSuperuser(
    `WITH off AS (SELECT set_config('session_replication_role', 'replica', false))
     INSERT INTO release_key (public_key, label, status, proposed_by, registered_at, counts_from)
     SELECT decode(given, 'base64'), 'Test key', 'active', (SELECT min(id::text)::uuid FROM staff), now() - interval '2 days', now() - interval '1 day'
     FROM off, unnest($1::text[]) AS given`,
    [keys.map(({ publicKey }) => publicKey)],
  );
  return keys;
}
