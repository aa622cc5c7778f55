import { keyIdOf, signatureHolds } from './signing-key.js';

/** A head of a chain, as its installation vouches for it: what is kept outside is called an anchor. */
export interface Anchor {
  readonly format: typeof ANCHOR_FORMAT;
  readonly chainId: string;
  readonly seq: string;
  readonly hash: string;
  readonly signedAt: string;
  readonly keyId: string;
  /** Hex, as is the signature. */
  readonly publicKey: string;
  readonly signature: string;
}

export const ANCHOR_FORMAT = 'henkin-anchor-1';

type HeadStatement = Pick<Anchor, 'chainId' | 'seq' | 'hash' | 'signedAt' | 'keyId'>;

/** The text that is signed for a head; its first line keeps it apart from everything else that this key signs. */
export function headStatement({ chainId, seq, hash, signedAt, keyId }: HeadStatement): string {
  return ['henkin audit head 1', chainId, seq, hash, signedAt, keyId].join('\n');
}

/** The text with which a key introduces the one that follows it. */
export function successionStatement(chainId: string, publicKey: Uint8Array): string {
  return ['henkin audit key 1', chainId, keyIdOf(publicKey), Buffer.from(publicKey).toString('hex')].join('\n');
}

const FIELDS: Readonly<Record<Exclude<keyof Anchor, 'format'>, RegExp>> = {
  chainId: /^[0-9a-f]{64}$/,
  seq: /^\d{1,18}$/,
  hash: /^[0-9a-f]{64}$/,
  signedAt: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/,
  keyId: /^[0-9a-f]{16}$/,
  publicKey: /^[0-9a-f]{64}$/,
  signature: /^[0-9a-f]{128}$/,
};

/** Errors: it is no anchor, or its own signature does not hold. */
export function readAnchor(text: string): Anchor {
  const given = parsed(text);
  const wrong = Object.entries(FIELDS).find(([field, pattern]) => !pattern.test(String(given[field])));
  if (given['format'] !== ANCHOR_FORMAT || wrong)
    throw new Error(`This is not an anchor: ${wrong?.[0] ?? 'format'} is wrong.`);
  const anchor = given as unknown as Anchor;
  const publicKey = Buffer.from(anchor.publicKey, 'hex');
  if (
    keyIdOf(publicKey) !== anchor.keyId ||
    !signatureHolds(headStatement(anchor), publicKey, Buffer.from(anchor.signature, 'hex'))
  )
    throw new Error('The signature of the anchor does not hold: the file was changed.');
  return anchor;
}

function parsed(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
