import type { Bar } from '../bar.js';
import type { Journal } from '../journal.js';
import type { People } from '../people.js';

/** What every stage works with. */
export interface Demo {
  /** Where the demo keeps its files. */
  readonly folder: string;
  readonly journal: Journal;
  readonly people: People;
  readonly stop: AbortSignal;
}

/** One step of the job, done by the people who would do it. Repeated after an interruption it does only what is left. */
export interface Stage {
  readonly name: string;
  readonly title: string;
  run(demo: Demo, bar: Bar): Promise<void>;
}

/** How long one statement over all claims usually takes on a small machine; good for no more than a bar. */
export const usualSeconds = ({ journal }: Demo): number => Math.max(journal.plan.holders / 40_000, 0.2);
