import { createHash, hash } from 'node:crypto';

/** One item as the root covers it; decimal strings. */
export interface RootItem {
  readonly seq: string;
  readonly claimId: string;
  readonly walletAccountId: string;
  readonly amountJpy: string;
}

const ITEMS_IN_PART = 1_000n;
/** One byte in front of each kind of input: no item can pass for a part, and no part for a root. */
const [ITEM, PART, ROOT] = ['\x00', '\x01', '\x02'].map((byte) => Buffer.from(byte)) as [Buffer, Buffer, Buffer];

/**
 * The Merkle root over the items of a batch, as `credit_batch_items_root` in the database computes it: hashes of items, a hash
 * over those of each thousand places, a hash over these. Items come in the order of their places.
 */
export class ItemsRoot {
  private count = 0n;
  private totalJpy = 0n;
  private lastSeq = 0n;
  private part: Buffer[] = [];
  private readonly parts: Buffer[] = [];

  /** Errors: the place does not come after the one before. */
  add({ seq, claimId, walletAccountId, amountJpy }: RootItem): void {
    const place = BigInt(seq);
    if (place <= this.lastSeq) throw new Error(`item ${seq} does not come after ${this.lastSeq}`);
    if ((place - 1n) / ITEMS_IN_PART !== (this.lastSeq - 1n) / ITEMS_IN_PART) this.endPart();
    const line = Buffer.from(`${seq}:${claimId}:${walletAccountId}:${amountJpy}`);
    this.part.push(hash('sha256', Buffer.concat([ITEM, line]), 'buffer'));
    this.lastSeq = place;
    this.count += 1n;
    this.totalJpy += BigInt(amountJpy);
  }

  end(): { readonly count: string; readonly totalJpy: string; readonly itemsRoot: string } {
    this.endPart();
    return {
      count: this.count.toString(),
      totalJpy: this.totalJpy.toString(),
      itemsRoot: createHash('sha256')
        .update(Buffer.concat([ROOT, ...this.parts]))
        .digest('hex'),
    };
  }

  private endPart(): void {
    if (this.part.length > 0) this.parts.push(hash('sha256', Buffer.concat([PART, ...this.part]), 'buffer'));
    this.part = [];
  }
}
