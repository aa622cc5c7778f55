import { creditedIn, pausedBatch } from './credit.js';
import { phoneKey, readingKey } from '../src/holder/search-key.js';
import { withBareServer } from './beside/bare.js';
import type { SearchKind } from './beside/search-sql.js';
import { signedIn, type SignedIn } from './customers.js';
import { drawFrom, load, type Asked, type Load } from './load.js';
import { judge, type Pair, type Result } from './measures.js';
import type { BenchOptions } from './options.js';
import { World, type Surroundings } from './world.js';

const ME = ['me-vs-bare-50', 'me-vs-bare-300', 'me-p99-vs-bare-300', 'me-etag'] as const;
const SEARCH = { 'search-kana-vs-pg': 'kana', 'search-phone-vs-pg': 'phone', 'search-claim-vs-pg': 'claim' } as const;
const SEARCH_IDS = Object.keys(SEARCH) as (keyof typeof SEARCH)[];
const CUSTOMERS = 2_000;
const WARM_UP_SECONDS = 2;
const COMPARED = 30;

/** What a caller says, and the same as it is stored for finding. */
interface Asking {
  readonly said: string;
  readonly folded: string;
}

/** One side of a comparison: whom to ask, what, and what to expect. */
interface Side {
  readonly url: string;
  readonly draw: () => Asked;
  readonly expected?: number;
}

/** Requests per second against the least that could answer them, in the same database, after all are credited. */
export async function runRequests(around: Surroundings, options: BenchOptions): Promise<Result[]> {
  const wanted = [...ME, ...SEARCH_IDS].filter((id) => options.only.has(id));
  if (wanted.length === 0) return [];
  around.progress.say(`Requests: ${options.sizes.job} holders whose claims are credited`);
  return World.with(around, options.sizes.job, async (world) => {
    await world.does('export', 'import', 'seal', 'rate', 'fund', 'open', 'approve', 'keys');
    await creditedIn(world, await pausedBatch(world, 'the batch', {}));
    await world.atRest();
    await world.sql.query('VACUUM ANALYZE');
    return withBareServer(world.databaseUrl, async (bareUrl) => {
      const bench = new RequestBench(around, options, world, bareUrl);
      return [...(await bench.ownClaims()), ...(await bench.searches())];
    });
  });
}

class RequestBench {
  constructor(
    private readonly around: Surroundings,
    private readonly options: BenchOptions,
    private readonly world: World,
    private readonly bareUrl: string,
  ) {}

  async ownClaims(): Promise<Result[]> {
    const { only } = this.options;
    if (!ME.some((id) => only.has(id))) return [];
    const drawn = drawFrom(await signedIn(this.world, CUSTOMERS));
    const url = this.world.server.baseUrl;
    const own = ({ headers }: SignedIn) => ({ path: '/v1/me/claim', headers });
    const bare = ({ holderId }: SignedIn) => ({ path: `/claim/${holderId}` });
    const ours: Side = { url, draw: () => own(drawn()) };
    const theirs: Side = { url: this.bareUrl, draw: () => bare(drawn()) };
    for (let compared = 0; compared < COMPARED; compared++) {
      const customer = drawn();
      await assertSame(url, own(customer), this.bareUrl, bare(customer));
    }
    const results: Result[] = [];
    for (const connections of [50, 300] as const) {
      if (!only.has(`me-vs-bare-${connections}`) && !(connections === 300 && only.has('me-p99-vs-bare-300'))) continue;
      const rounds = await this.alternate(`GET /v1/me/claim, ${connections} connections`, ours, theirs, connections);
      results.push(judge(`me-vs-bare-${connections}`, rounds.map(speeds)));
      if (connections === 300) results.push(judge('me-p99-vs-bare-300', rounds.map(slowest)));
    }
    if (only.has('me-etag')) {
      const known = drawFrom(await this.withTags(url));
      const unchanged: Side = { url, draw: () => ({ path: '/v1/me/claim', headers: known() }), expected: 304 };
      const rounds = await this.alternate('304 against full answers', unchanged, ours, 50);
      results.push(judge('me-etag', rounds.map(speeds)));
    }
    return results.filter(({ id }) => only.has(id));
  }

  async searches(): Promise<Result[]> {
    const results: Result[] = [];
    for (const id of SEARCH_IDS.filter((id) => this.options.only.has(id))) {
      const kind = SEARCH[id];
      const drawn = drawFrom(await this.questions(kind));
      const token = await this.world.demo.people.as('agent').freshToken();
      const headers = { Authorization: `Bearer ${token}` };
      const own = ({ said }: Asking) => ({ path: `/v1/holders/search?q=${encodeURIComponent(said)}`, headers });
      const bare = ({ folded }: Asking) => ({ path: `/search/${kind}?q=${encodeURIComponent(folded)}` });
      const ours: Side = { url: this.world.server.baseUrl, draw: () => own(drawn()) };
      const theirs: Side = { url: this.bareUrl, draw: () => bare(drawn()) };
      for (let compared = 0; compared < COMPARED; compared++) {
        const asking = drawn();
        await assertSame(ours.url, own(asking), theirs.url, bare(asking), kind === 'kana' ? hitsOf : undefined);
      }
      results.push(judge(id, (await this.alternate(`Search, ${kind}`, ours, theirs, 50)).map(speeds)));
    }
    return results;
  }

  private async questions(kind: SearchKind): Promise<Asking[]> {
    const { rows } = await this.world.sql.query<{ kana: string; phone: string; claim: string }>(
      `SELECT left(h.name_kana, 3) AS kana, h.phone, c.claim_no AS claim FROM holder h JOIN claim c ON c.holder_id = h.id
       WHERE h.name_kana IS NOT NULL AND h.phone IS NOT NULL AND h.country = 'JP' ORDER BY random() LIMIT 2000`,
    );
    const folded = { kana: readingKey, phone: phoneKey, claim: (said: string) => said }[kind];
    const asked = rows.map((row) => ({ said: row[kind], folded: folded(row[kind]) }));
    return kind === 'kana' ? this.ofFamilies(asked) : asked;
  }

  /** Those that are the beginning of a page full of readings: with fewer, ours goes on to look for given names. */
  private async ofFamilies(asked: readonly Asking[]): Promise<Asking[]> {
    const { rows } = await this.world.sql.query<{ folded: string }>(
      `SELECT folded FROM unnest($1::text[]) AS folded WHERE 21 = (SELECT count(*) FROM (
         SELECT FROM holder_search_key WHERE reading_key >= folded AND reading_key < folded || U&'\\+10FFFF' LIMIT 21) AS found)`,
      [[...new Set(asked.map(({ folded }) => folded))]],
    );
    const full = new Set(rows.map(({ folded }) => folded));
    return asked.filter(({ folded }) => full.has(folded));
  }

  private async withTags(url: string): Promise<Record<string, string>[]> {
    const customers = await signedIn(this.world, 200);
    return Promise.all(
      customers.map(async ({ headers }) => {
        const { headers: answered } = await fetch(`${url}/v1/me/claim`, { headers });
        return { ...headers, 'If-None-Match': answered.get('etag') ?? '' };
      }),
    );
  }

  /** Both sides warmed up, then in turns. */
  private async alternate(title: string, ours: Side, theirs: Side, connections: number): Promise<[Load, Load][]> {
    const { loadRounds, loadSeconds } = this.options.sizes;
    const run = ({ url, draw, expected = 200 }: Side, seconds: number) =>
      load(url, draw, { connections, seconds, expected });
    const rounds: [Load, Load][] = [];
    await this.around.progress.show(`  ${title}`, async (bar) => {
      bar.expect(loadRounds + 1, 'rounds');
      for (const side of [ours, theirs]) await run(side, WARM_UP_SECONDS);
      bar.step();
      for (let round = 0; round < loadRounds; round++) {
        const first = round % 2 === 0 ? await run(ours, loadSeconds) : null;
        const other = await run(theirs, loadSeconds);
        rounds.push([first ?? (await run(ours, loadSeconds)), other]);
        bar.step();
      }
    });
    return rounds;
  }
}

const speeds = ([ours, theirs]: [Load, Load]): Pair => ({ ours: ours.perSecond, theirs: theirs.perSecond });
const slowest = ([ours, theirs]: [Load, Load]): Pair => ({ ours: ours.p99Ms, theirs: theirs.p99Ms });

/** Of several who are read alike, which ones come last on a full page is left open: so many hits of one kind are compared. */
function hitsOf(answer: string): string {
  const { items } = JSON.parse(answer) as { items: readonly { matched: { code: string } }[] };
  return items.map(({ matched }) => matched.code).join(' ');
}

/** Otherwise the two sides do not do the same: to the byte, unless something else is to be compared. */
async function assertSame(
  ours: string,
  own: Asked,
  theirs: string,
  bare: Asked,
  compared = (answer: string) => answer,
): Promise<void> {
  const read = async (url: string, { path, headers = {} }: Asked) =>
    compared(await (await fetch(`${url}${path}`, { headers: { ...headers } })).text());
  const [answer, other] = [await read(ours, own), await read(theirs, bare)];
  if (answer !== other) throw new Error(`The two sides answer differently to ${bare.path}:\n${answer}\n${other}`);
}
