import { createHash, createPublicKey, verify, type KeyObject } from 'node:crypto';

export const PUBLIC_KEY_BYTES = 32;
export const SIGNATURE_BYTES = 64;

/** What stands before the 32 bytes when a public key is written as SubjectPublicKeyInfo (RFC 8410). */
const SPKI_HEAD = Buffer.from('302a300506032b6570032100', 'hex');

/**
 * Points of small order, as far as OpenSSL takes them for public keys: under them anyone can make signatures. The highest
 * bit, the sign of x, is left out.
 */
const SMALL_ORDER = new Set([
  `01${'00'.repeat(31)}`,
  '00'.repeat(32),
  `ec${'ff'.repeat(30)}7f`,
  `ed${'ff'.repeat(30)}7f`,
  `ee${'ff'.repeat(30)}7f`,
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
]);

/** The 32 public bytes of a private key. */
export function publicKeyOf(privateKey: KeyObject): Buffer {
  return createPublicKey(privateKey).export({ type: 'spki', format: 'der' }).subarray(SPKI_HEAD.length);
}

export function fingerprintOf(rawKey: Uint8Array): string {
  return createHash('sha256').update(rawKey).digest('hex');
}

/** Is it 32 bytes under which only the holder of a private key can sign? */
export function isUsableKey(rawKey: Buffer): boolean {
  if (rawKey.length !== PUBLIC_KEY_BYTES) return false;
  const withoutSign = Buffer.from(rawKey);
  withoutSign.writeUInt8(withoutSign.readUInt8(31) & 0x7f, 31);
  return !SMALL_ORDER.has(withoutSign.toString('hex'));
}

export function isSignedBy(rawKey: Uint8Array, text: string, signature: Buffer): boolean {
  const key = createPublicKey({ key: Buffer.concat([SPKI_HEAD, rawKey]), format: 'der', type: 'spki' });
  return signature.length === SIGNATURE_BYTES && verify(null, Buffer.from(text), key, signature);
}
