import type pg from 'pg';
import { copyFile, prepareCopy } from './beside/copy.js';
import { approveBare, openBare, prepareClaims } from './beside/claims.js';
import { creditAtOnce, creditByFunction, prepareCredit, type Side } from './beside/credit-sql.js';
import { creditByOrm } from './beside/credit-orm.js';
import { creditedIn, pausedBatch } from './credit.js';
import { judge, type MeasureId, type Pair, type Result } from './measures.js';
import type { BenchOptions } from './options.js';
import { seconds, World, type Surroundings } from './world.js';
import { exportFiles } from '../src/demo/stages/write-export.js';

/** The comparisons that one run through the main job gives. */
const BESIDE = [
  'import-vs-copy',
  'open-vs-sql',
  'approve-vs-sql',
  'credit-vs-sql',
  'credit-vs-floor',
  'credit-vs-orm',
  'credit-vs-plpgsql',
] as const;
const GROWTH = ['growth-import', 'growth-open', 'growth-credit'] as const;
type JobId = (typeof BESIDE)[number];
type GrowthId = (typeof GROWTH)[number];

/** Slow ways get fewer claims; they are compared by claims per second. */
const ORM_CLAIMS = 2_000;
const PLPGSQL_CLAIMS = 20_000;
const WARM_UP_HOLDERS = 2_000;

/** Seconds for each row of our side of the job, and the most memory that the server had. */
interface Job {
  readonly pairs: ReadonlyMap<JobId, Pair>;
  readonly perRow: Readonly<Record<GrowthId, number>>;
  readonly peakRssMb: number;
}

export interface JobResults {
  readonly results: readonly Result[];
  /** Time per row by size, for the plot. */
  readonly growth: readonly { readonly holders: number; readonly work: GrowthId; readonly microseconds: number }[];
  readonly peakRssMb: ReadonlyMap<number, number>;
}

/** Our side and the other one take turns, in the one order in even rounds and in the other in odd ones. */
export async function runJobs(around: Surroundings, { sizes, only }: BenchOptions): Promise<JobResults> {
  const [beside, growth] = [BESIDE.filter((id) => only.has(id)), GROWTH.filter((id) => only.has(id))];
  const pairs = new Map<MeasureId, Pair[]>();
  const [points, peakRssMb]: [JobResults['growth'][number][], Map<number, number>] = [[], new Map()];
  if (beside.length + growth.length === 0) return { results: [], growth: points, peakRssMb };

  const run = async (title: string, holders: number, withOthers: boolean, round: number): Promise<Job> => {
    around.progress.say(`${title}: the main job with ${holders} holders`);
    const job = await oneJob(around, holders, withOthers ? new Set(beside) : new Set(), round % 2 === 0);
    peakRssMb.set(holders, Math.max(peakRssMb.get(holders) ?? 0, job.peakRssMb));
    return job;
  };
  const point = ({ perRow }: Job, holders: number) =>
    points.push(...GROWTH.map((work) => ({ holders, work, microseconds: perRow[work] * 1e6 })));

  await run('Warm-up', Math.min(WARM_UP_HOLDERS, sizes.job), true, 0);
  peakRssMb.clear();
  const largeRounds = growth.length > 0 ? sizes.largeRounds : 0;
  for (let round = 0; round < Math.max(beside.length > 0 ? sizes.rounds : 0, largeRounds); round++) {
    const asked = beside.length > 0 && round < sizes.rounds;
    const job =
      asked || sizes.growth.small === sizes.job ? await run(`Round ${round + 1}`, sizes.job, asked, round) : null;
    for (const [id, pair] of job?.pairs ?? []) pairs.set(id, [...(pairs.get(id) ?? []), pair]);
    if (job) point(job, sizes.job);
    if (round >= largeRounds) continue;
    const small = job && sizes.growth.small === sizes.job ? job : await run('Small', sizes.growth.small, false, round);
    if (small !== job) point(small, sizes.growth.small);
    const large = await run('Large', sizes.growth.large, false, round);
    point(large, sizes.growth.large);
    for (const id of growth) {
      const pair = { ours: large.perRow[id] * 1e6, theirs: small.perRow[id] * 1e6 };
      pairs.set(id, [...(pairs.get(id) ?? []), pair]);
    }
  }
  return { results: [...pairs].map(([id, measured]) => judge(id, measured)), growth: points, peakRssMb };
}

async function oneJob(
  around: Surroundings,
  holders: number,
  beside: ReadonlySet<JobId>,
  oursFirst: boolean,
): Promise<Job> {
  return World.with(around, holders, async (world) => {
    const pairs = new Map<JobId, Pair>();
    /** Runs both sides with nothing left over from before. */
    const pair = async (id: JobId, ours: () => Promise<number>, theirs: () => Promise<number>) => {
      const turn = async (side: () => Promise<number>) => {
        await world.settle();
        return side();
      };
      if (!beside.has(id)) return turn(ours);
      const before = oursFirst ? await turn(ours) : null;
      const other = await turn(theirs);
      const own = before ?? (await turn(ours));
      pairs.set(id, { ours: (own / holders) * 1e6, theirs: (other / holders) * 1e6 });
      return own;
    };

    await world.does('export');
    if (beside.has('import-vs-copy')) await prepareCopy(world.sql);
    const imported = await pair(
      'import-vs-copy',
      () => world.secondsOf('import'),
      () => seconds(() => copyFile(world.sql, exportFiles(world.demo.folder).holdersFile)),
    );
    await world.does('seal', 'rate', 'fund');
    await world.atRest();
    await prepareClaims(world.sql);
    const opened = await pair(
      'open-vs-sql',
      () => world.secondsOf('open'),
      () => seconds(() => openBare(world.sql)),
    );
    if (beside.has('approve-vs-sql') && !beside.has('open-vs-sql')) await openBare(world.sql);
    await pair(
      'approve-vs-sql',
      () => world.secondsOf('approve'),
      () => seconds(() => approveBare(world.sql)),
    );
    await world.does('keys');
    const credited = await credits(world, beside, oursFirst, pairs);
    await world.assertSound();
    return {
      pairs,
      perRow: { 'growth-import': imported / holders, 'growth-open': opened / holders, 'growth-credit': credited },
      peakRssMb: await world.server.peakRssMb(),
    };
  });
}

/** Seconds for each claim of ours; what it is held against goes into `pairs`. */
async function credits(
  world: World,
  beside: ReadonlySet<JobId>,
  oursFirst: boolean,
  pairs: Map<JobId, Pair>,
): Promise<number> {
  const { sql, databaseUrl } = world;
  const others: [JobId, () => Promise<number>][] = [
    [
      'credit-vs-sql',
      () => perClaim(sql, 'beside_sql', world.holders, () => seconds(() => creditAtOnce(sql, 'beside_sql'))),
    ],
    [
      'credit-vs-floor',
      () => perClaim(sql, 'beside_floor', world.holders, () => seconds(() => creditAtOnce(sql, 'beside_floor'))),
    ],
    ['credit-vs-orm', () => perClaim(sql, 'beside_orm', ORM_CLAIMS, () => creditByOrm(databaseUrl))],
    [
      'credit-vs-plpgsql',
      () => perClaim(sql, 'beside_plpgsql', PLPGSQL_CLAIMS, () => seconds(() => creditByFunction(sql))),
    ],
  ];
  const theirs = new Map<JobId, number>();
  const measureOthers = async () => {
    for (const [id, measure] of others) if (beside.has(id)) theirs.set(id, await measure());
  };
  const batch = await pausedBatch(world, 'the batch', {});
  if (!oursFirst) await measureOthers();
  await world.settle();
  const ours = (await creditedIn(world, batch)) / batch.remaining;
  if (oursFirst) await measureOthers();
  for (const [id, other] of theirs) {
    const bySpeed = id === 'credit-vs-orm' || id === 'credit-vs-plpgsql';
    pairs.set(id, bySpeed ? { ours: 1 / ours, theirs: 1 / other } : { ours: ours * 1e6, theirs: other * 1e6 });
  }
  return ours;
}

/** Seconds for each claim of one of the other sides, its tables made ready first. */
async function perClaim(sql: pg.Client, side: Side, limit: number, credit: () => Promise<number>): Promise<number> {
  const claims = await prepareCredit(sql, side, limit);
  await sql.query('CHECKPOINT');
  return (await credit()) / claims;
}
