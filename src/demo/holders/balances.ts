import { drawFrom, Random } from './random.js';

/**
 * How large balances are on an exchange: half of the holders own almost nothing and one in a thousand owns a third.
 * Upper bound in micro-XEM and holders per million; the lower bound is the row above. Inside a row all are as likely.
 * With 260,000 holders it makes about 523,000,000 XEM, so at the defaults hardly anything is scaled.
 */
const BANDS = [
  [4_000, 2_500], // at 88.549 JPY these round to 0 yen
  [100_000, 30_000],
  [1_000_000, 110_000],
  [3_000_000, 100_000],
  [10_000_000, 145_000],
  [30_000_000, 148_000],
  [100_000_000, 155_000],
  [300_000_000, 118_000],
  [1_000_000_000, 92_000],
  [3_000_000_000, 52_000],
  [10_000_000_000, 30_000],
  [30_000_000_000, 11_900],
  [100_000_000_000, 5_000],
  [300_000_000_000, 1_500],
  [1_000_000_000_000, 470],
  [3_000_000_000_000, 105],
  [10_000_000_000_000, 22],
  [20_000_000_000_000, 3],
] as const;

const drawBand = drawFrom(
  BANDS.map(([upTo, share], row) => [{ from: BANDS[row - 1]?.[0] ?? 1, upTo }, share] as const),
);

function* weights(seed: string, count: number): Generator<bigint> {
  const random = Random.for(seed, 'balances');
  for (let index = 0; index < count; index++) {
    const { from, upTo } = drawBand(random);
    yield BigInt(random.between(from, upTo - 1));
  }
}

/**
 * Balances in micro-XEM, each at least 1, that sum to exactly `total`.
 * The weights are drawn twice instead of kept, so that memory stays flat; each holder gets the difference of two
 * cut-off running sums, so that what is cut off from one reaches the next and nothing is left over at the end.
 */
export function* payableBalances(seed: string, count: number, total: bigint): Generator<bigint> {
  const spare = total - BigInt(count);
  if (count < 1 || spare < 0n) throw new RangeError('Each holder needs at least one millionth of an XEM.');
  let allWeights = 0n;
  for (const weight of weights(seed, count)) allWeights += weight;
  let weightSoFar = 0n;
  let givenSoFar = 0n;
  for (const weight of weights(seed, count)) {
    weightSoFar += weight;
    const given = (spare * weightSoFar) / allWeights;
    yield 1n + given - givenSoFar;
    givenSoFar = given;
  }
}
