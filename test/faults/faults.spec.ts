import { seeded } from '../harness/seeded.js';
import { FaultCluster } from './fault-cluster.js';
import { FAULTS, oneOf, type Fault } from './faults.js';
import { noFigures } from './figures.js';
import { playRound } from './play-round.js';
import { restartInTurn } from './rolling-restart.js';
import { sendSameKeys } from './same-key.js';
import { onFullDisk } from './scenarios.js';
import { summaryTable } from './summary.js';

const HOLDERS = 300;
const LONG_MS = 1_200;
const NO_SMALL_DISK = 'A full disk was not run: mounting a small file system needs root.';
/** A failure prints this, and FAULT_SEED repeats it. */
const SEED = Number(process.env.FAULT_SEED ?? Date.now() % 1_000_000_000);

/** The rounds of `npm run test:faults`, small; what is alike shares one. */
const ROUNDS: Readonly<Record<string, readonly [Fault, number]>> = {
  'servers are killed': [FAULTS['servers are killed'], 1],
  'PostgreSQL is killed': [FAULTS['PostgreSQL is killed'], 1],
  'answers to COMMIT are lost': [FAULTS['answers to COMMIT are lost'], 1],
  'the network is slow, breaks or stalls': [FAULTS['the network is slow, breaks or stalls'], 1],
  'servers are frozen, have another date, or find jobs twice': [
    oneOf(
      FAULTS['a server is frozen'],
      FAULTS["a server's clock is two days off"],
      FAULTS['jobs are in the queue twice'],
    ),
    2,
  ],
  'PostgreSQL is read-only or has no connection left': [
    oneOf(FAULTS['PostgreSQL is read-only after a failover'], FAULTS['PostgreSQL has no connection left']),
    1,
  ],
};

describe(`the main job while things go wrong (FAULT_SEED=${SEED})`, () => {
  const random = seeded(SEED);
  const figures = noFigures();
  let cluster: FaultCluster;
  beforeAll(async () => {
    cluster = await FaultCluster.start();
  });
  afterAll(() => cluster.stop());
  const settings = () => ({ cluster, holders: HOLDERS, random, figures, longMs: LONG_MS });

  it.each(Object.entries(ROUNDS))(
    'goes to its end, with every yen where it belongs, while %s',
    async (_what, [fault, leastStrikes]) => {
      expect(await playRound(fault, { ...settings(), leastStrikes })).toEqual([]);
    },
    240_000,
  );

  it('[trap 8] goes on by itself when the disk of PostgreSQL was full and has room again, or says that none is small enough here', async () => {
    const filled = figures.disksFilled;
    const notRun: string[] = [];
    const stage = { ...settings(), notRun: (why: string) => notRun.push(why) };
    expect(await onFullDisk(stage, { longMs: LONG_MS, leastStrikes: 1 })).toEqual([]);
    expect(notRun).toEqual(figures.disksFilled > filled ? [] : [NO_SMALL_DISK]);
  }, 240_000);

  it('says what this machine does not allow, instead of passing it over', async () => {
    const notRun: string[] = [];
    const stage = { ...settings(), notRun: (why: string) => notRun.push(why) };
    expect(await onFullDisk(stage, { mount: () => Promise.resolve(null) })).toEqual([]);
    const summary = { seed: SEED, startedAt: '', minutes: 1, figures, notRun, rounds: [], violations: [] };
    expect(summaryTable(summary)).toContain(NO_SMALL_DISK);
  });

  it('has one effect per key, however often it is sent to whichever server and given up', async () => {
    expect(await sendSameKeys({ ...settings(), keys: 20, tries: 20 })).toEqual([]);
  }, 240_000);

  it('is used on while both servers are restarted in turn: one retry is enough', async () => {
    expect(await restartInTurn({ ...settings(), agents: 5, customers: 20, restarts: 2 })).toEqual([]);
  }, 240_000);
});
