import type { FaultCluster } from './fault-cluster.js';
import { FAULTS } from './faults.js';
import type { FaultFigures } from './figures.js';
import { playRound } from './play-round.js';

export interface Stage {
  readonly cluster: FaultCluster;
  readonly random: () => number;
  readonly figures: FaultFigures;
}

/** Answers what is not as it must be. */
export type Scenario = (stage: Stage) => Promise<string[]>;

const HOLDERS = 300;
const LONG_MS = 1_500;
/** How often each fault comes in a round; the dearer it is to come back from, the fewer. */
const STRIKES = 8;

export const SCENARIOS: Readonly<Record<string, Scenario>> = Object.fromEntries(
  Object.entries(FAULTS).map(([what, fault]) => [
    what,
    (stage: Stage) => playRound(fault, { ...stage, holders: HOLDERS, longMs: LONG_MS, leastStrikes: STRIKES }),
  ]),
);
