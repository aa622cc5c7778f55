/**
 * Checks that one customer's amounts are counted in a published total. Imports nothing and uses only Web Crypto, so that
 * the compiled file also runs in a browser and can be read by whoever wants to rely on it. The builder hashes through the
 * encodings below, so there is one rule.
 *
 * All amounts are unsigned 64-bit numbers below 2^63: quantity in millionths of a XEM, claim and credited in yen.
 */
export const LIMIT = 2n ** 63n - 1n;
export const PARTS = 2;
export const FORMAT = 'henkin-proof-1';

/** Quantity (millionths of a XEM), claim (yen), credited (yen). */
export type Sums = readonly [quantityMicroXem: bigint, claimJpy: bigint, creditedJpy: bigint];

/** Decimal strings of whole numbers. */
export interface SumsJson {
  readonly quantityMicroXem: string;
  readonly claimJpy: string;
  readonly creditedJpy: string;
}

export interface ProofStep extends SumsJson {
  /** Hex SHA-256 of the sibling, from the leaf upwards. */
  readonly hash: string;
}

export interface ProofPart extends SumsJson {
  /** Place among the leaves, from 0; says on which side each sibling stands. */
  readonly index: number;
  readonly salt: string;
  readonly path: readonly ProofStep[];
}

export interface Proof {
  readonly format: typeof FORMAT;
  readonly customerNo: string;
  readonly root: string;
  readonly leafCount: number;
  readonly totals: SumsJson;
  /** The customer's amounts, split at random, so that no neighbour sees a whole amount. */
  readonly parts: readonly ProofPart[];
}

export type Refusal =
  'malformed' | 'amount_out_of_range' | 'leaf_doubled' | 'shape_wrong' | 'root_wrong' | 'root_not_published';

export type Verdict =
  | { readonly counted: true; readonly own: Sums; readonly totals: Sums; readonly root: string }
  | { readonly counted: false; readonly reason: Refusal };

class Refused extends Error {
  constructor(readonly reason: Refusal) {
    super(reason);
  }
}

/** One byte in front of each kind of input: no leaf can pass for a node, and no node for a root. */
const LEAF = 0;
const NODE = 1;
const ROOT = 2;
const BLINDED = 3;
const PADDING = 4;

const TEXT = new TextEncoder();

const bytesOf = (...pieces: (number | Uint8Array)[]): Uint8Array<ArrayBuffer> => {
  const lists = pieces.map((piece) => (typeof piece === 'number' ? Uint8Array.of(piece) : piece));
  const whole = new Uint8Array(lists.reduce((length, list) => length + list.length, 0));
  let at = 0;
  for (const list of lists) {
    whole.set(list, at);
    at += list.length;
  }
  return whole;
};

function unsigned(value: bigint): Uint8Array {
  if (value < 0n || value > LIMIT) throw new Refused('amount_out_of_range');
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, value);
  return bytes;
}

export const encodeSums = (sums: Sums) => bytesOf(...sums.map(unsigned));
export const paddingInput = () => bytesOf(PADDING);
export const blindedInput = (salt: Uint8Array, customerNo: string) => bytesOf(BLINDED, salt, TEXT.encode(customerNo));
export const leafInput = (blinded: Uint8Array, part: number, sums: Uint8Array) => bytesOf(LEAF, blinded, part, sums);
/** Both children's sums and not only their total: otherwise a child could be shown with different sums to each side. */
export const nodeInput = (leftHash: Uint8Array, leftSums: Uint8Array, rightHash: Uint8Array, rightSums: Uint8Array) =>
  bytesOf(NODE, leftHash, leftSums, rightHash, rightSums);
export const rootInput = (leafCount: number, hash: Uint8Array, sums: Uint8Array) =>
  bytesOf(ROOT, unsigned(BigInt(leafCount)), hash, sums);

/** Errors: a sum that leaves the range. */
export function addSums(left: Sums, right: Sums): Sums {
  const added: Sums = [left[0] + right[0], left[1] + right[1], left[2] + right[2]];
  encodeSums(added);
  return added;
}

/** How many steps lead from a leaf to the top. */
export const depthOf = (leafCount: number) => Math.ceil(Math.log2(leafCount));

const hex = (bytes: Uint8Array) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');

const digest = async (input: Uint8Array<ArrayBuffer>) =>
  new Uint8Array(await globalThis.crypto.subtle.digest('SHA-256', input));

function record(value: unknown): Record<string, unknown> {
  if (typeof value !== 'object' || value === null) throw new Refused('malformed');
  return value as Record<string, unknown>;
}

function list(value: unknown): unknown[] {
  if (!Array.isArray(value)) throw new Refused('malformed');
  return value;
}

function hash32(value: unknown): Uint8Array {
  if (typeof value !== 'string' || !/^[0-9a-f]{64}$/.test(value)) throw new Refused('malformed');
  return Uint8Array.from(value.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

function count(value: unknown): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) throw new Refused('malformed');
  return value;
}

function amount(value: unknown): bigint {
  if (typeof value !== 'string' || !/^-?(0|[1-9]\d*)$/.test(value)) throw new Refused('malformed');
  const parsed = value.length > 20 ? LIMIT + 1n : BigInt(value);
  if (parsed < 0n || parsed > LIMIT) throw new Refused('amount_out_of_range');
  return parsed;
}

const sumsOf = ({ quantityMicroXem, claimJpy, creditedJpy }: Record<string, unknown>): Sums => [
  amount(quantityMicroXem),
  amount(claimJpy),
  amount(creditedJpy),
];

/** Climbs from one part of the customer to the top; answers what stands there. */
async function climb(customerNo: string, nth: number, given: Record<string, unknown>, leafCount: number) {
  let [index, width, sums] = [count(given['index']), leafCount, sumsOf(given)];
  const path = list(given['path']);
  if (index >= leafCount || path.length !== depthOf(leafCount)) throw new Refused('shape_wrong');
  const blinded = await digest(blindedInput(hash32(given['salt']), customerNo));
  let hash = await digest(leafInput(blinded, nth, encodeSums(sums)));
  const padding = hex(await digest(paddingInput()));
  for (const entry of path) {
    const sibling = { hash: hash32(record(entry)['hash']), sums: sumsOf(record(entry)) };
    const beyond = (index ^ 1) >= width;
    if (beyond !== (hex(sibling.hash) === padding)) throw new Refused('shape_wrong');
    if (beyond && sibling.sums.some((sum) => sum !== 0n)) throw new Refused('shape_wrong');
    const own = { hash, sums };
    const [left, right] = index % 2 === 0 ? [own, sibling] : [sibling, own];
    hash = await digest(nodeInput(left.hash, encodeSums(left.sums), right.hash, encodeSums(right.sums)));
    sums = addSums(own.sums, sibling.sums);
    index = Math.floor(index / 2);
    width = Math.ceil(width / 2);
  }
  return { hash, sums };
}

async function check(given: Record<string, unknown>, publishedRoot: string | null): Promise<Verdict> {
  const { format, customerNo } = given;
  const root = hex(hash32(given['root']));
  const leafCount = count(given['leafCount']);
  const parts = list(given['parts']).map(record);
  if (format !== FORMAT || typeof customerNo !== 'string' || parts.length !== PARTS) throw new Refused('malformed');
  if (leafCount < PARTS || leafCount > 2 ** 31) throw new Refused('shape_wrong');
  if (new Set(parts.map((part) => part['index'])).size !== parts.length) throw new Refused('leaf_doubled');
  const totals = sumsOf(record(given['totals']));
  let own: Sums = [0n, 0n, 0n];
  for (const [nth, part] of parts.entries()) {
    const top = await climb(customerNo, nth, part, leafCount);
    const reached = hex(await digest(rootInput(leafCount, top.hash, encodeSums(top.sums))));
    if (reached !== root || top.sums.some((sum, at) => sum !== totals[at])) throw new Refused('root_wrong');
    own = addSums(own, sumsOf(part));
  }
  if (publishedRoot !== null && publishedRoot !== root) throw new Refused('root_not_published');
  return { counted: true, own, totals, root };
}

/** `publishedRoot` is what everyone else sees, in hex; null checks only that the proof agrees with itself. Never throws for a bad proof. */
export async function verifyProof(proof: unknown, publishedRoot: string | null): Promise<Verdict> {
  try {
    return await check(record(proof), publishedRoot);
  } catch (error) {
    if (error instanceof Refused) return { counted: false, reason: error.reason };
    throw error;
  }
}

const REFUSALS: Record<Refusal, { en: string; ja: string }> = {
  malformed: { en: 'the file is not a whole proof', ja: 'ファイルの形式が正しくありません' },
  amount_out_of_range: {
    en: 'an amount is negative or too large',
    ja: '負の値、または大きすぎる値が含まれています',
  },
  leaf_doubled: { en: 'one entry is shown twice', ja: '同じ項目が二重に示されています' },
  shape_wrong: {
    en: 'the path does not fit the number of entries',
    ja: '経路が全体の項目数と合いません',
  },
  root_wrong: {
    en: 'the path does not lead to the published figures',
    ja: '経路をたどった結果が、公表された合計と一致しません',
  },
  root_not_published: {
    en: 'the root is not the published one',
    ja: 'ルートハッシュが、公表されたものと異なります',
  },
};

const grouped = (whole: bigint) => whole.toString().replace(/\B(?=(\d{3})+$)/g, ',');

function xem(micro: bigint): string {
  const part = (micro % 1_000_000n).toString().padStart(6, '0').replace(/0+$/, '');
  return grouped(micro / 1_000_000n) + (part ? `.${part}` : '');
}

/** What was found, in plain words. */
export function wordsOf(verdict: Verdict, language: 'en' | 'ja'): string {
  if (!verdict.counted) {
    const reason = REFUSALS[verdict.reason][language];
    return language === 'ja' ? `この証明は確認できません。${reason}。` : `NOT PROVEN: ${reason}.`;
  }
  const [[quantity, claim, credited], totals] = [verdict.own, verdict.totals];
  if (language === 'ja')
    return [
      `お客様の ${xem(quantity)} XEM は、合計 ${xem(totals[0])} XEM に含まれています。`,
      `お客様の補償額 ${grouped(claim)} 円は、補償額の合計 ${grouped(totals[1])} 円に含まれています。`,
      `残高に反映済みの ${grouped(credited)} 円は、反映済みの合計 ${grouped(totals[2])} 円に含まれています。`,
    ].join('\n');
  return [
    `Your ${xem(quantity)} XEM are counted in ${xem(totals[0])}.`,
    `Your compensation of ${grouped(claim)} yen is counted in the total of ${grouped(totals[1])}.`,
    `Your ${grouped(credited)} yen credited are counted in the total paid, ${grouped(totals[2])}.`,
  ].join('\n');
}
