import { createHmac, hash as hashOnce } from 'node:crypto';
import {
  blindedInput,
  depthOf,
  encodeSums,
  leafInput,
  LIMIT,
  nodeInput,
  paddingInput,
  rootInput,
  type ProofStep,
  type Sums,
} from './verify-proof.js';

/** A node as it is kept: 32 bytes of hash, then three sums of 8 bytes. */
export const NODE_BYTES = 56;
const HASH_BYTES = 32;
/** Nodes in one stored piece; the eight levels between two stored ones are computed again when a path is read. */
export const CHUNK_NODES = 256;
export const CHUNK_LEVELS = 8;

/** A customer's amounts cannot be put into a tree. The message names no customer. */
export class LeafRefused extends Error {}

export interface SplitLeaf {
  readonly salt: Buffer;
  readonly sums: Sums;
  readonly hash: Buffer;
}

const sha256 = (input: Uint8Array) => hashOnce('sha256', input, 'buffer');
const PAD = Buffer.concat([sha256(paddingInput()), Buffer.alloc(NODE_BYTES - HASH_BYTES)]);

/** The two keys that HMAC (RFC 2104) makes of one of at most a block, which are 128 bytes of SHA-512. */
export function hmacPads(key: Buffer): { readonly inner: Buffer; readonly outer: Buffer } {
  const block = Buffer.concat([key, Buffer.alloc(128 - key.length)]);
  return { inner: block.map((byte) => byte ^ 0x36) as Buffer, outer: block.map((byte) => byte ^ 0x5c) as Buffer };
}

const hmacSha512 = (key: Buffer, text: string) => createHmac('sha512', key).update(text).digest();

/**
 * Everything random about a customer follows from the secret of the tree, so that nothing of it need be stored. For all customers
 * at once the database does the same.
 */
export function splitLeaves(secret: Buffer, customerNo: string, amounts: Sums): SplitLeaf[] {
  if (amounts.some((amount) => amount < 0n || amount > LIMIT)) throw new LeafRefused('an amount is out of range');
  const salts = hmacSha512(secret, `salt:${customerNo}`);
  const random = hmacSha512(secret, `split:${customerNo}`);
  // 128 bits taken modulo less than 2^63 are even enough.
  const first = amounts.map((amount, at) => {
    const drawn = (random.readBigUInt64BE(at * 16) << 64n) | random.readBigUInt64BE(at * 16 + 8);
    return drawn % (amount + 1n);
  }) as unknown as Sums;
  const rest: Sums = [amounts[0] - first[0], amounts[1] - first[1], amounts[2] - first[2]];
  return [first, rest].map((sums, part) => {
    const salt = salts.subarray(part * HASH_BYTES, (part + 1) * HASH_BYTES);
    return { salt, sums, hash: sha256(leafInput(sha256(blindedInput(salt, customerNo)), part, encodeSums(sums))) };
  });
}

const hashAt = (nodes: Buffer, index: number) => nodes.subarray(index * NODE_BYTES, index * NODE_BYTES + HASH_BYTES);

function sumsAt(nodes: Buffer, index: number): Sums {
  const at = index * NODE_BYTES + HASH_BYTES;
  return [nodes.readBigUInt64BE(at), nodes.readBigUInt64BE(at + 8), nodes.readBigUInt64BE(at + 16)];
}

/** The level above; a node without a sibling gets an empty one. Errors: LeafRefused if a sum leaves the range. */
function fold(nodes: Buffer): Buffer<ArrayBuffer> {
  const pairs = Math.ceil(nodes.length / NODE_BYTES / 2);
  const level = nodes.length === pairs * 2 * NODE_BYTES ? nodes : Buffer.concat([nodes, PAD]);
  const above = Buffer.allocUnsafe(pairs * NODE_BYTES);
  for (let pair = 0; pair < pairs; pair += 1) {
    const [left, right] = [nodeAt(level, pair * 2), nodeAt(level, pair * 2 + 1)];
    const input = nodeInput(hashAt(left, 0), left.subarray(HASH_BYTES), hashAt(right, 0), right.subarray(HASH_BYTES));
    sha256(input).copy(above, pair * NODE_BYTES);
    for (let at = HASH_BYTES; at < NODE_BYTES; at += 8) {
      const sum = left.readBigUInt64BE(at) + right.readBigUInt64BE(at);
      if (sum > LIMIT) throw new LeafRefused('a sum is out of range');
      above.writeBigUInt64BE(sum, pair * NODE_BYTES + at);
    }
  }
  return above;
}

const nodeAt = (nodes: Buffer, index: number) => nodes.subarray(index * NODE_BYTES, (index + 1) * NODE_BYTES);

/** Every eighth level from the leaves is stored, in pieces of CHUNK_NODES nodes; the last of a level may be shorter. */
export interface Piece {
  readonly level: number;
  readonly seq: number;
  readonly nodes: Buffer;
}

export interface Tree {
  readonly root: Buffer;
  readonly leafCount: number;
  readonly totals: Sums;
}

/** Grows a tree from its leaves in the order of their hashes; holds one piece of each stored level, whatever its size. */
export class GrowingTree {
  private readonly levels: { seq: number; nodes: Buffer[] }[] = [];
  private last: Buffer = Buffer.alloc(0);
  private leafCount = 0;

  /** Takes the next leaves and answers the pieces that are whole now. Errors: LeafRefused for one that is there twice. */
  add(leaves: Buffer): Piece[] {
    const whole: Piece[] = [];
    for (let at = 0; at < leaves.length; at += NODE_BYTES) {
      const leaf = leaves.subarray(at, at + NODE_BYTES);
      const hash = hashAt(leaf, 0);
      if (this.leafCount > 0 && hash.compare(this.last) <= 0) throw new LeafRefused('a leaf is there twice');
      this.last = hash;
      this.leafCount += 1;
      this.put(0, leaf, whole);
    }
    return whole;
  }

  /** The tree, of at least two leaves, and the pieces that were not whole. Errors: LeafRefused if a sum leaves the range. */
  finish(): { tree: Tree; rest: Piece[] } {
    const depth = depthOf(this.leafCount);
    const rest: Piece[] = [];
    for (let level = 0; level * CHUNK_LEVELS < depth; level += 1) {
      if (this.levels[level]?.nodes.length)
        this.close(level, Math.min(CHUNK_LEVELS, depth - level * CHUNK_LEVELS), rest);
    }
    const top = this.levels.at(-1)?.nodes[0] ?? PAD;
    const totals = sumsAt(top, 0);
    const root = sha256(rootInput(this.leafCount, hashAt(top, 0), encodeSums(totals)));
    return { tree: { root, leafCount: this.leafCount, totals }, rest };
  }

  private put(level: number, node: Buffer, closed: Piece[]): void {
    const here = (this.levels[level] ??= { seq: 0, nodes: [] });
    here.nodes.push(node);
    if (here.nodes.length === CHUNK_NODES) this.close(level, CHUNK_LEVELS, closed);
  }

  /** The nodes of a level so far are a piece; what they fold to over `heights` levels goes into the level above. */
  private close(level: number, heights: number, closed: Piece[]): void {
    const { seq, nodes } = this.levels[level] ?? { seq: 0, nodes: [] };
    let folded = Buffer.concat(nodes);
    closed.push({ level, seq, nodes: folded });
    this.levels[level] = { seq: seq + 1, nodes: [] };
    for (let height = 0; height < heights; height += 1) folded = fold(folded);
    this.put(level + 1, folded, closed);
  }
}

/** The siblings of a leaf; `chunkOf` answers piece `seq` of stored level 0, 1, 2 … and is asked once for each. */
export function pathOf(index: number, leafCount: number, chunkOf: (level: number, seq: number) => Buffer): ProofStep[] {
  const path: ProofStep[] = [];
  let at = index;
  let nodes: Buffer = Buffer.alloc(0);
  for (let height = 0; height < depthOf(leafCount); height += 1) {
    if (height % CHUNK_LEVELS === 0) nodes = chunkOf(height / CHUNK_LEVELS, Math.floor(at / CHUNK_NODES));
    else nodes = fold(nodes);
    const inChunk = (at % (CHUNK_NODES >> (height % CHUNK_LEVELS))) ^ 1;
    const sibling = inChunk * NODE_BYTES < nodes.length ? nodeAt(nodes, inChunk) : PAD;
    path.push({ hash: hashAt(sibling, 0).toString('hex'), ...sumsJson(sumsAt(sibling, 0)) });
    at = Math.floor(at / 2);
  }
  return path;
}

/** Where a leaf stands among the nodes of one piece; -1 if it is not there. */
export function findLeaf(nodes: Buffer, hash: Buffer): number {
  for (let index = 0; index * NODE_BYTES < nodes.length; index += 1)
    if (hashAt(nodes, index).equals(hash)) return index;
  return -1;
}

export const sumsJson = ([quantity, claim, credited]: Sums) => ({
  quantityMicroXem: quantity.toString(),
  claimJpy: claim.toString(),
  creditedJpy: credited.toString(),
});
