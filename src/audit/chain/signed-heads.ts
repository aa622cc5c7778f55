import { headStatement, successionStatement, type Anchor } from '../signing/statements.js';
import { keyIdOf, signatureHolds } from '../signing/signing-key.js';
import type { Columns } from './chain-hash.js';
import { Mismatch } from './mismatch.js';
import type { ReadOnlyCopy } from './read-only-copy.js';
import type { Head } from './walk-chain.js';

const KEYS = `SELECT id, encode(public_key, 'hex'), previous_key_id, encode(signature, 'hex') FROM audit_signing_key`;
/** By number: a bare name would order by the text of it, in which link 100 comes before link 99. */
const HEADS = `
  SELECT h.seq::text, encode(hash, 'hex'), to_char(timezone('UTC', signed_at), 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), key_id, encode(signature, 'hex')
  FROM audit_signed_head h ORDER BY h.seq`;

interface Key {
  readonly id: string;
  readonly publicKey: Buffer;
  readonly previousId: string | null;
  readonly signature: Buffer | null;
}

/**
 * What is known of the chain beside the chain itself: the heads that were signed, and one that was kept outside. Asked
 * at each link while the chain is walked.
 */
export class SignedHeads {
  private readonly heads: AsyncGenerator<Columns>;
  private next: Columns | null = null;
  private chainId = '';
  private readonly keys = new Map<string, Key>();
  signed = 0n;
  /** What is not wrong and yet has to be known. */
  readonly notes: string[] = [];

  private constructor(
    private readonly copy: ReadOnlyCopy,
    private readonly anchor: Anchor | null,
  ) {
    this.heads = copy.rows(HEADS);
  }

  static async of(copy: ReadOnlyCopy, anchor: Anchor | null): Promise<SignedHeads> {
    const known = new SignedHeads(copy, anchor);
    await known.advance();
    return known;
  }

  /** Errors: Mismatch when something known about this link is not so. */
  async reached(head: Head): Promise<void> {
    if (head.seq === 0n) await this.begin(head.hash);
    if (this.anchor !== null && BigInt(this.anchor.seq) === head.seq && this.anchor.hash !== head.hash)
      throw new Mismatch(
        `The anchor of ${this.anchor.signedAt} says otherwise of link ${head.seq}: the history before it was written anew.`,
      );
    if (this.next?.[0] !== head.seq.toString()) return;
    this.check(this.next, head);
    await this.advance();
  }

  /** Errors: Mismatch when something is known of links that are not there. */
  ended(head: Head): void {
    const last = `the chain ends with link ${head.seq}: its tail was cut off.`;
    if (this.anchor !== null && BigInt(this.anchor.seq) > head.seq)
      throw new Mismatch(`The anchor of ${this.anchor.signedAt} is of link ${this.anchor.seq}, and ${last}`);
    if (this.next !== null) throw new Mismatch(`Link ${this.next[0]} was signed at ${this.next[2]}, and ${last}`);
  }

  private async begin(chainId: string): Promise<void> {
    this.chainId = chainId;
    if (this.anchor !== null && this.anchor.chainId !== chainId)
      throw new Mismatch(`The anchor is of another chain: ${this.anchor.chainId}, and this one is ${chainId}.`);
    for await (const [id = '', publicKey, previousId = null, signature = null] of this.copy.rows(KEYS))
      this.keys.set(id ?? '', {
        id: id ?? '',
        publicKey: Buffer.from(publicKey ?? '', 'hex'),
        previousId,
        signature: signature === null ? null : Buffer.from(signature, 'hex'),
      });
    for (const key of this.keys.values()) this.checkSuccession(key);
    if (this.anchor !== null && !this.keys.has(this.anchor.keyId))
      throw new Mismatch(`The anchor is signed by key ${this.anchor.keyId}, which this installation does not have.`);
  }

  private checkSuccession({ id, publicKey, previousId, signature }: Key): void {
    if (keyIdOf(publicKey) !== id)
      throw new Mismatch(`The signing key ${id} is not the one that this name stands for.`);
    if (previousId === null) return;
    if (signature === null) {
      this.notes.push(
        `The signing key ${id} replaced ${previousId}, which was lost: nobody vouched for it. Compare an anchor from before.`,
      );
      return;
    }
    const previous = this.keys.get(previousId);
    if (!previous || !signatureHolds(successionStatement(this.chainId, publicKey), previous.publicKey, signature))
      throw new Mismatch(`The signing key ${id} was not introduced by ${previousId}, which came before it.`);
  }

  private check([seq, hash, signedAt, keyId, signature]: Columns, head: Head): void {
    const statement = headStatement({
      chainId: this.chainId,
      seq: seq ?? '',
      hash: hash ?? '',
      signedAt: signedAt ?? '',
      keyId: keyId ?? '',
    });
    const key = this.keys.get(keyId ?? '');
    if (!key || !signatureHolds(statement, key.publicKey, Buffer.from(signature ?? '', 'hex')))
      throw new Mismatch(`The signature over link ${seq} of ${signedAt} does not hold.`);
    if (hash !== head.hash)
      throw new Mismatch(
        `Link ${seq} is not the one that was signed at ${signedAt}: the history before it was written anew.`,
      );
    this.signed += 1n;
  }

  private async advance(): Promise<void> {
    const { value, done } = await this.heads.next();
    this.next = done ? null : value;
  }
}
