import { Command, InvalidArgumentError, Option } from 'commander';
import { MEASURES, type MeasureId } from './measures.js';

/** How large everything is; the quick one is a quarter of the full one, or less, so that it ends within minutes. */
export interface Sizes {
  /** Holders of the job whose steps are held against bare SQL. */
  readonly job: number;
  /** Time per row is compared between these two. */
  readonly growth: { readonly small: number; readonly large: number };
  /** Rounds of the job, and of the large one. */
  readonly rounds: number;
  readonly largeRounds: number;
  /** Claims in each of the four batches that agents work beside. */
  readonly batch: number;
  /** Rounds of each comparison of requests per second, and how long one side of a round lasts. */
  readonly loadRounds: number;
  readonly loadSeconds: number;
}

export const FULL: Sizes = {
  job: 260_000,
  growth: { small: 100_000, large: 1_000_000 },
  rounds: 3,
  largeRounds: 2,
  batch: 260_000,
  loadRounds: 3,
  loadSeconds: 8,
};
export const QUICK: Sizes = {
  job: 65_000,
  growth: { small: 65_000, large: 260_000 },
  rounds: 2,
  largeRounds: 1,
  batch: 45_000,
  loadRounds: 2,
  loadSeconds: 2,
};

export interface BenchOptions {
  readonly quick: boolean;
  /** Smaller than what it is to be judged by. */
  readonly scaled: boolean;
  readonly sizes: Sizes;
  readonly only: ReadonlySet<MeasureId>;
}

export function readOptions(argv: readonly string[]): BenchOptions {
  const given = new Command('npm run bench --')
    .description('Holds the product against what PostgreSQL itself can do on this machine in the same minutes.')
    .addOption(new Option('--quick', 'a quarter of the size: minutes instead of an hour').default(false))
    .addOption(new Option('--only <ids>', 'these comparisons alone, separated by commas').argParser(readIds))
    .addOption(new Option('--scale <factor>', 'for working on the bench itself: sizes times this').argParser(readScale))
    .parse(argv)
    .opts<{ quick: boolean; only?: ReadonlySet<MeasureId>; scale?: number }>();
  const sizes = given.quick ? QUICK : FULL;
  return {
    quick: given.quick,
    scaled: given.scale !== undefined,
    sizes: given.scale === undefined ? sizes : scaled(sizes, given.scale),
    only: given.only ?? new Set(MEASURES.map(({ id }) => id)),
  };
}

function readIds(text: string): ReadonlySet<MeasureId> {
  return new Set(
    text.split(',').map((id) => {
      const measure = MEASURES.find((known) => known.id === id);
      if (!measure) throw new InvalidArgumentError(`These are known: ${MEASURES.map((known) => known.id).join(', ')}.`);
      return measure.id;
    }),
  );
}

function readScale(text: string): number {
  const factor = Number(text);
  if (!(factor > 0 && factor <= 1)) throw new InvalidArgumentError('It must be above 0 and at most 1.');
  return factor;
}

function scaled(sizes: Sizes, factor: number): Sizes {
  const times = (size: number) => Math.max(Math.round(size * factor), 100);
  return {
    ...sizes,
    job: times(sizes.job),
    growth: { small: times(sizes.growth.small), large: times(sizes.growth.large) },
    batch: times(sizes.batch),
  };
}
