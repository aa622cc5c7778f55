import { seeded } from '../harness/seeded.js';
import { FaultCluster } from './fault-cluster.js';
import { FAULTS } from './faults.js';
import { noFigures } from './figures.js';
import { playRound } from './play-round.js';

const HOLDERS = 300;
const LONG_MS = 1_200;
/** A failure prints this, and FAULT_SEED repeats it. */
const SEED = Number(process.env.FAULT_SEED ?? Date.now() % 1_000_000_000);

describe(`the main job while things go wrong (FAULT_SEED=${SEED})`, () => {
  const random = seeded(SEED);
  const figures = noFigures();
  let cluster: FaultCluster;
  beforeAll(async () => {
    cluster = await FaultCluster.start();
  });
  afterAll(() => cluster.stop());

  it.each(Object.entries(FAULTS))(
    'goes to its end, with every yen where it belongs, while %s',
    async (_what, fault) => {
      expect(
        await playRound(fault, { cluster, holders: HOLDERS, random, figures, longMs: LONG_MS, leastStrikes: 1 }),
      ).toEqual([]);
    },
    240_000,
  );
});
