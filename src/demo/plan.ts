import type { HolderPlan } from './holders/holder-rows.js';
import { formatXem, parseXem } from './holders/micro-xem.js';
import { DEFAULT_PLAN, type AskedPlan } from './options.js';

/** What the demo pays, in the form in which it is kept: quantities are text. */
export interface Plan {
  readonly seed: string;
  readonly holders: number;
  readonly totalXem: string;
}

/** Something about the way the demo was started does not fit; the message says what to do. */
export class CannotStart extends Error {}

/** The plan of a fresh start. Errors: CannotStart. */
export function planOf(asked: AskedPlan): Plan {
  const [seed, holders, total] = [
    asked.seed ?? DEFAULT_PLAN.seed,
    asked.holders ?? DEFAULT_PLAN.holders,
    asked.total ?? DEFAULT_PLAN.total,
  ];
  if (total < BigInt(holders)) {
    throw new CannotStart(
      `${holders} customers cannot share ${formatXem(total)} XEM: each holds at least ${formatXem(1n)}.`,
    );
  }
  return { seed, holders, totalXem: formatXem(total) };
}

/** Going on with other customers than before would be another job. Errors: CannotStart. */
export function assertSamePlan(kept: Plan, asked: AskedPlan): void {
  const wanted = {
    seed: asked.seed,
    holders: asked.holders,
    totalXem: asked.total === null ? null : formatXem(asked.total),
  };
  for (const name of ['seed', 'holders', 'totalXem'] as const) {
    if (wanted[name] !== null && wanted[name] !== kept[name]) {
      throw new CannotStart(
        `The kept database was made with ${name} ${kept[name]}, not ${wanted[name]}. Leave that out, or start without --keep.`,
      );
    }
  }
}

export function holderPlan({ seed, holders, totalXem }: Plan): HolderPlan {
  const total = parseXem(totalXem);
  if (total === null) throw new CannotStart(`The kept total ${totalXem} is no quantity. Start without --keep.`);
  return { seed, holders, total };
}
