import { FaultCluster } from './fault-cluster.js';
import { diskIsFull, FAULTS, type Fault } from './faults.js';
import type { FaultFigures } from './figures.js';
import { playRound } from './play-round.js';
import { restartInTurn } from './rolling-restart.js';
import { sendSameKeys } from './same-key.js';
import { mountSmallDisk } from './small-disk.js';

export interface Stage {
  readonly cluster: FaultCluster;
  readonly random: () => number;
  readonly figures: FaultFigures;
  /** What this machine does not allow is said, not passed over. */
  readonly notRun: (why: string) => void;
}

/** Answers what is not as it must be. */
export type Scenario = (stage: Stage) => Promise<string[]>;

const HOLDERS = 300;
const LONG_MS = 1_500;
/** A whole minute, as a machine that is being moved stands still. */
const MINUTE_MS = 60_000;
/** How often a fault comes in a round, at least. */
const STRIKES = 5;
const OFTEN: Readonly<Record<string, number>> = {
  'servers are killed': 51,
  'PostgreSQL is killed': 21,
  'answers to COMMIT are lost': 25,
} satisfies Partial<Record<keyof typeof FAULTS, number>>;

const play = (fault: Fault, stage: Stage, { longMs = LONG_MS, leastStrikes = STRIKES } = {}): Promise<string[]> =>
  playRound(fault, { ...stage, holders: HOLDERS, mails: true, longMs, leastStrikes });

export async function onFullDisk(
  stage: Stage,
  { longMs = LONG_MS, leastStrikes = STRIKES, mount = mountSmallDisk } = {},
) {
  const disk = await mount();
  if (disk === null) {
    stage.notRun('A full disk was not run: mounting a small file system needs root.');
    return [];
  }
  try {
    const cluster = await FaultCluster.start(disk.folder);
    try {
      return await play(diskIsFull(disk.folder), { ...stage, cluster }, { longMs, leastStrikes });
    } finally {
      await cluster.stop();
    }
  } finally {
    await disk.unmount();
  }
}

export const SCENARIOS: Readonly<Record<string, Scenario>> = {
  ...Object.fromEntries(
    Object.entries(FAULTS).map(([what, fault]) => [
      what,
      (stage: Stage) => play(fault, stage, { leastStrikes: OFTEN[what] ?? STRIKES }),
    ]),
  ),
  'a server stands still for a minute': (stage) =>
    play(FAULTS['a server is frozen'], stage, { longMs: MINUTE_MS, leastStrikes: 1 }),
  'the disk of PostgreSQL is full': (stage) => onFullDisk(stage),
  'every key is sent 50 times': (stage) => sendSameKeys({ ...stage, holders: HOLDERS, keys: 1_000, tries: 50 }),
  'servers are restarted in turn': (stage) =>
    restartInTurn({ ...stage, holders: HOLDERS, agents: 50, customers: 200, restarts: 6, longMs: LONG_MS }),
};
