import { payableBalances } from './balances.js';
import { drawExcludedBalances, type ExcludedBalance } from './excluded.js';
import { drawPerson, type Person } from './person.js';
import { drawFrom, Random } from './random.js';

export interface HolderPlan {
  readonly seed: string;
  /** Holders who are to be paid; excluded rows come on top. */
  readonly holders: number;
  /** Micro-XEM of those holders together. */
  readonly total: bigint;
}

/** What a balance consists of, in micro-XEM. */
export interface Parts {
  readonly available: bigint;
  readonly inOrder: bigint;
  readonly lent: bigint;
  readonly inTransit: bigint;
}

export interface HolderRow {
  readonly customerNo: string;
  readonly person: Person;
  readonly quantity: bigint;
  readonly parts: Parts;
  readonly excluded: ExcludedBalance | null;
}

/** All customer numbers lie below this prime, so that a step of any size visits each of them once. */
const CUSTOMER_NUMBERS = 99_999_989;

/** The rows of an export, payable and excluded ones mixed; the same plan gives the same rows for ever. */
export function* holderRows({ seed, holders, total }: HolderPlan): Generator<HolderRow> {
  const excluded = placeExcluded(seed, holders);
  const balances = payableBalances(seed, holders, total);
  const people = Random.for(seed, 'people');
  const splits = Random.for(seed, 'parts');
  const customerNoOf = customerNumbers(seed);
  for (let line = 0; line < holders + excluded.size; line++) {
    const exclusion = excluded.get(line) ?? null;
    const quantity = exclusion?.quantity ?? nextOf(balances);
    yield {
      customerNo: customerNoOf(line),
      person: drawPerson(people, line + 1),
      quantity,
      parts: split(splits, quantity),
      excluded: exclusion,
    };
  }
}

/** Which lines are excluded ones, and with what; they are few, so keeping them costs nothing. */
function placeExcluded(seed: string, holders: number): Map<number, ExcludedBalance> {
  const random = Random.for(seed, 'excluded');
  const all = drawExcludedBalances(random, holders);
  const placed = new Map<number, ExcludedBalance>();
  for (const balance of all) {
    let line = random.below(holders + all.length);
    while (placed.has(line)) line = (line + 1) % (holders + all.length);
    placed.set(line, balance);
  }
  return placed;
}

/** Numbers like C04711815, all different, that do not tell the line of the file. */
function customerNumbers(seed: string): (line: number) => string {
  const random = Random.for(seed, 'customer numbers');
  const step = random.between(CUSTOMER_NUMBERS >> 2, CUSTOMER_NUMBERS >> 1);
  const start = random.below(CUSTOMER_NUMBERS);
  return (line) => `C${String(((start + step * line) % CUSTOMER_NUMBERS) + 1).padStart(8, '0')}`;
}

/** Thousandths of a balance that are not freely available: most have nothing but free coins. */
const drawThousandths = drawFrom([
  [{ inOrder: 0, lent: 0, inTransit: 0 }, 82],
  [{ inOrder: 350, lent: 0, inTransit: 0 }, 12],
  [{ inOrder: 0, lent: 900, inTransit: 0 }, 4],
  [{ inOrder: 120, lent: 0, inTransit: 250 }, 2],
]);

function split(random: Random, quantity: bigint): Parts {
  const share = drawThousandths(random);
  const take = (thousandths: number) => (quantity > 0n ? (quantity * BigInt(thousandths)) / 1000n : 0n);
  const [inOrder, lent, inTransit] = [take(share.inOrder), take(share.lent), take(share.inTransit)];
  return { available: quantity - inOrder - lent - inTransit, inOrder, lent, inTransit };
}

function nextOf(balances: Generator<bigint>): bigint {
  const { done, value } = balances.next();
  if (done) throw new Error('There are fewer balances than holders.');
  return value;
}
