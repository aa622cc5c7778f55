import { creditedIn, pausedBatch } from './credit.js';
import { drawFrom, load, type Asked } from './load.js';
import { judge, type Pair, type Result } from './measures.js';
import type { BenchOptions } from './options.js';
import { World, type Surroundings } from './world.js';

const IDS = ['agents-p99-under-batch', 'batch-under-agents'] as const;
const AGENTS = 300;
/** On the phone an agent looks something up every five seconds at most. */
const LOOKUPS_PER_SECOND = AGENTS / 5;
const QUIET_SECONDS = 10;
const ROUNDS = 2;

/** Four batches of one size: alone, beside the agents, and once more; and the agents without a batch before each. */
export async function runAgents(around: Surroundings, { sizes, only }: BenchOptions): Promise<Result[]> {
  if (!IDS.some((id) => only.has(id))) return [];
  const batches = ROUNDS * 2;
  around.progress.say(`Agents beside batches: ${sizes.batch * batches} holders, ${batches} batches`);
  return World.with(around, sizes.batch * batches, async (world) => {
    await world.does('export', 'import', 'seal', 'rate', 'fund', 'open', 'approve', 'keys');
    const filters = await quarters(world, batches);
    const draw = await lookups(world);
    const look = (seconds: number) =>
      load(world.server.baseUrl, draw, { connections: AGENTS, seconds, perSecond: LOOKUPS_PER_SECOND });
    await look(2);
    const [agents, durations]: [Pair[], Pair[]] = [[], []];
    for (let round = 0; round < ROUNDS; round++) {
      await world.atRest();
      await around.progress.show(`  Round ${round + 1} of ${ROUNDS}`, async (bar) => {
        bar.expect(3, 'parts');
        const alone = await creditedIn(world, await pausedBatch(world, `batch ${round} alone`, filters.shift() ?? {}));
        await world.atRest();
        bar.step();
        const quiet = await look(QUIET_SECONDS);
        bar.step();
        const batch = await pausedBatch(world, `batch ${round} beside agents`, filters.shift() ?? {});
        // The agents work on a little after the batch has ended rather than the other way round.
        const looking = look(Math.ceil(alone * 1.2));
        const beside = await creditedIn(world, batch);
        agents.push({ ours: (await looking).p99Ms, theirs: quiet.p99Ms });
        durations.push({ ours: beside, theirs: alone });
        bar.step();
      });
      await world.assertSound();
    }
    return [judge('agents-p99-under-batch', agents), judge('batch-under-agents', durations)].filter(({ id }) =>
      only.has(id),
    );
  });
}

/** Filters by amount that divide the approved claims into parts of as many claims each as whole yen allow. */
async function quarters({ sql }: World, parts: number): Promise<object[]> {
  const { rows } = await sql.query<{ low: string; high: string }>(
    `SELECT min(amount_jpy)::text AS low, max(amount_jpy)::text AS high
     FROM (SELECT amount_jpy, ceil($1 * sum(count(*)) OVER (ORDER BY amount_jpy) / sum(count(*)) OVER ()) AS part
           FROM claim WHERE status = 'approved' GROUP BY amount_jpy) AS amounts
     GROUP BY part ORDER BY part`,
    [parts],
  );
  return rows.map(({ low, high }) => ({ minAmountJpy: low, maxAmountJpy: high }));
}

/** Half of what agents do is finding, half is reading a page. */
async function lookups({ sql, demo }: World): Promise<() => Asked> {
  const { rows } = await sql.query<{ customer_no: string; said: string }>(
    `SELECT customer_no, coalesce(left(name_kana, 3), customer_no) AS said FROM holder ORDER BY random() LIMIT 2000`,
  );
  const drawn = drawFrom(rows);
  const headers = { Authorization: `Bearer ${await demo.people.as('agent').freshToken()}` };
  return () => {
    const { customer_no, said } = drawn();
    const path =
      Math.random() < 0.5 ? `/v1/holders/${customer_no}` : `/v1/holders/search?q=${encodeURIComponent(said)}`;
    return { path, headers };
  };
}
