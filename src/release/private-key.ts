import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto';

/** A passphrase is all that protects a key file that was copied. */
export const LEAST_PASSPHRASE = 12;

/** A new private key as encrypted PKCS#8, which OpenSSL opens as well. */
export function newPrivateKey(passphrase: string): string {
  const { privateKey } = generateKeyPairSync('ed25519');
  return privateKey.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase }).toString();
}

/** Null when the passphrase is not the one, or there is no Ed25519 key in the file. */
export function openPrivateKey(pem: string, passphrase: string): KeyObject | null {
  try {
    const key = createPrivateKey({ key: pem, passphrase });
    return key.asymmetricKeyType === 'ed25519' ? key : null;
  } catch {
    return null;
  }
}
