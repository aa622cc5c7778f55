import { hash as hashOnce } from 'node:crypto';
import {
  blindedInput,
  depthOf,
  leafInput,
  LIMIT,
  nodeInput,
  paddingInput,
  PARTS,
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

function packed(sums: Sums): Buffer {
  const bytes = Buffer.allocUnsafe(NODE_BYTES - HASH_BYTES);
  for (const [at, sum] of sums.entries()) bytes.writeBigUInt64BE(sum, at * 8);
  return bytes;
}

/**
 * HMAC (RFC 2104) from two one-shot hashes: for short texts many times faster than an object of Node's for each of
 * hundreds of thousands. A key is at most one block of 128 bytes.
 */
function hmacSha512(key: Buffer, text: string): Buffer {
  const [inner, outer] = [Buffer.alloc(128, 0x36), Buffer.alloc(128, 0x5c)];
  for (const [at, byte] of key.entries()) {
    inner[at] = byte ^ 0x36;
    outer[at] = byte ^ 0x5c;
  }
  const within = hashOnce('sha512', Buffer.concat([inner, Buffer.from(text)]), 'buffer');
  return hashOnce('sha512', Buffer.concat([outer, within]), 'buffer');
}

/** Everything random about a customer follows from the secret of the tree, so that nothing of it need be stored. */
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
    return { salt, sums, hash: sha256(leafInput(sha256(blindedInput(salt, customerNo)), part, packed(sums))) };
  });
}

/** Collects leaves and puts them into the order of their hashes: as good as shuffled, since each is salted. */
export class Leaves {
  private readonly nodes: Buffer;
  private count = 0;

  constructor(customerCount: number) {
    this.nodes = Buffer.alloc(customerCount * PARTS * NODE_BYTES);
  }

  add(secret: Buffer, customerNo: string, amounts: Sums): void {
    for (const { hash, sums } of splitLeaves(secret, customerNo, amounts)) {
      const at = this.count * NODE_BYTES;
      if (at >= this.nodes.length) throw new LeafRefused('there are more customers than were counted');
      hash.copy(this.nodes, at);
      packed(sums).copy(this.nodes, at + HASH_BYTES);
      this.count += 1;
    }
  }

  /** Errors: LeafRefused if a customer is missing or was added twice. */
  inOrder(): Buffer {
    if (this.count * NODE_BYTES !== this.nodes.length) throw new LeafRefused('there are fewer customers than counted');
    const keys = Float64Array.from({ length: this.count }, (_, at) => this.nodes.readUIntBE(at * NODE_BYTES, 6));
    const order = Uint32Array.from(keys.keys()).sort(
      (left, right) => (keys[left] ?? 0) - (keys[right] ?? 0) || this.compare(left, right),
    );
    const sorted = Buffer.allocUnsafe(this.nodes.length);
    for (const [to, from] of order.entries()) {
      this.nodes.copy(sorted, to * NODE_BYTES, from * NODE_BYTES, (from + 1) * NODE_BYTES);
      if (to > 0 && hashAt(sorted, to).equals(hashAt(sorted, to - 1))) throw new LeafRefused('a leaf is there twice');
    }
    return sorted;
  }

  private compare(left: number, right: number): number {
    return hashAt(this.nodes, left).compare(hashAt(this.nodes, right));
  }
}

export interface Tree {
  readonly root: Buffer;
  readonly leafCount: number;
  readonly totals: Sums;
  /** Every eighth level from the leaves, all nodes of it in one buffer. */
  readonly storedLevels: readonly Buffer[];
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

/** `leaves` in order, at least two. */
export function buildTree(leaves: Buffer): Tree {
  const leafCount = leaves.length / NODE_BYTES;
  const depth = depthOf(leafCount);
  const storedLevels: Buffer[] = [];
  let level = leaves;
  for (let height = 0; height < depth; height += 1) {
    if (height % CHUNK_LEVELS === 0) storedLevels.push(level);
    level = fold(level);
  }
  const totals = sumsAt(level, 0);
  return { root: sha256(rootInput(leafCount, hashAt(level, 0), packed(totals))), leafCount, totals, storedLevels };
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
