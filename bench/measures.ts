/** One comparison: what is held against what, how far apart the two may be, and what that means to somebody. */
export interface Measure {
  readonly id: string;
  readonly work: string;
  readonly beside: string;
  readonly reach: number;
  readonly better: 'lower' | 'higher';
  /** What both sides are given in. */
  readonly unit: string;
  readonly means: string;
  /** What the limit is, where the reach was not met with what was tried so far. */
  readonly limit?: string;
}

const CREDIT = 'executing an approved batch, from resume to completed, every guard on';
const GROWS = 'time for each row at the large size';
const SEARCH = 'GET /v1/holders/search, 50 connections';
const ONE_QUERY = 'Fastify alone with the one best SQL query for that input';

export const MEASURES = [
  {
    id: 'import-vs-copy',
    work: 'import, from HTTP upload to ready',
    beside: 'COPY of the same file into one table with the same columns, keys and search indexes',
    reach: 1.3,
    better: 'lower',
    unit: 'µs per row',
    means: 'A maker who uploads the export sees within the minute whether it is right.',
    limit:
      'Both cores are busy to the end: PostgreSQL keeps thirteen indexes in three tables where the other side keeps ten in one, and the server reads, checks and folds each row on the core that is left. Before that the file is uploaded, compressed and kept, an eighth of the time.',
  },
  {
    id: 'open-vs-sql',
    work: 'opening all claims through the API',
    beside: 'the bare statements over the same rows and indexes',
    reach: 1.15,
    better: 'lower',
    unit: 'µs per row',
    means: 'Opening a claim for everybody takes as long as PostgreSQL needs to write it.',
    limit:
      'Of 4.1 s for 260,000 claims the guards that hold each claim against its balance and its wallet, and each wallet against its holder, take 0.55 s, the digest and the holds of closed accounts 0.2 s. To look at every row once is a hash join, and no cheaper one was found.',
  },
  {
    id: 'approve-vs-sql',
    work: 'approving all claims through the API: proposed by one, agreed to by two',
    beside: 'the bare statements over the same rows and indexes',
    reach: 1.15,
    better: 'lower',
    unit: 'µs per row',
    means: 'Whoever agrees to a run over all claims waits for its answer no longer than for the bare update.',
    limit:
      'What is left is preview, selection and digest for the proposal, the digest once more for the decision that takes effect, the guards that hold each decision against its claim, and two digests for the audit. Bare SQL has nobody to ask.',
  },
  {
    id: 'credit-vs-sql',
    work: CREDIT,
    beside: 'one transaction of hand-written SQL doing the same rows, with foreign keys',
    reach: 1.5,
    better: 'lower',
    unit: 'µs per row',
    means: 'A full credit ends in the break between two phone calls, although every yen of it is checked.',
  },
  {
    id: 'credit-vs-floor',
    work: CREDIT,
    beside: 'the floor: the same rows without foreign keys or triggers, HOT updates, one commit',
    reach: 2.5,
    better: 'lower',
    unit: 'µs per row',
    means: 'All that is certain about a credit costs about as much again as writing it down at all.',
  },
  {
    id: 'credit-vs-orm',
    work: `${CREDIT}, claims per second`,
    beside: 'a Prisma transaction per claim: read, check, create the transfer, two updates',
    reach: 50,
    better: 'higher',
    unit: 'claims per second',
    means: 'Minutes where the usual way takes hours.',
  },
  {
    id: 'credit-vs-plpgsql',
    work: `${CREDIT}, claims per second`,
    beside: 'a ledger function in PL/pgSQL called once per transfer, in chunks of 1,000',
    reach: 10,
    better: 'higher',
    unit: 'claims per second',
    means: 'Working on sets is what makes the difference, not the language.',
    limit:
      'One transaction of bare SQL over the whole set is itself about 7 times as fast as the function; two lanes go beyond that, until both cores are busy.',
  },
  {
    id: 'me-vs-bare-50',
    work: 'GET /v1/me/claim with token check, 50 connections, random customers',
    beside: 'Fastify alone with one prepared query answering the same bytes, no sign-in',
    reach: 0.6,
    better: 'higher',
    unit: 'requests per second',
    means: 'After the announcement all customers look within an hour, and the machine is not busy with itself.',
  },
  {
    id: 'me-vs-bare-300',
    work: 'GET /v1/me/claim with token check, 300 connections, random customers',
    beside: 'Fastify alone with one prepared query answering the same bytes, no sign-in',
    reach: 0.6,
    better: 'higher',
    unit: 'requests per second',
    means: 'A rush of customers is served as fast as a gentle flow.',
  },
  {
    id: 'me-p99-vs-bare-300',
    work: 'GET /v1/me/claim, the slowest of a hundred, 300 connections',
    beside: 'the slowest of a hundred there',
    reach: 1.5,
    better: 'lower',
    unit: 'ms',
    means: 'Nobody in the rush waits much longer than everybody.',
    limit:
      'The slowest answers wait for the garbage collector: the server keeps to 8 MB of young objects and 128 MB of old ones, so that all of it stays below 300 MB; the bare side has the defaults of Node.',
  },
  {
    id: 'me-etag',
    work: 'conditional requests that end in 304',
    beside: 'full answers of the same route',
    reach: 1.5,
    better: 'higher',
    unit: 'requests per second',
    means: 'Customers who press reload while nothing has changed cost less than those who come for the first time.',
    limit:
      'The full answer is cheap as well: what both share, the way through the server and its client, is about half of it.',
  },
  {
    id: 'search-kana-vs-pg',
    work: `${SEARCH}, beginnings of readings`,
    beside: ONE_QUERY,
    reach: 0.75,
    better: 'higher',
    unit: 'requests per second',
    means: 'An agent who types what was heard has the caller while the name is still being said.',
    limit:
      'PostgreSQL works no longer for ours than for the one query. The server does: it asks whether the session is still open, routes, measures and logs, and a fifth of its time goes into collecting what fifty searches under way have allocated.',
  },
  {
    id: 'search-phone-vs-pg',
    work: `${SEARCH}, phone numbers`,
    beside: ONE_QUERY,
    reach: 0.75,
    better: 'higher',
    unit: 'requests per second',
    means: 'The number on the display finds the caller before the greeting ends.',
    limit:
      'A second statement asks whether the session is still open, and what is left is the way through the framework.',
  },
  {
    id: 'search-claim-vs-pg',
    work: `${SEARCH}, claim numbers`,
    beside: ONE_QUERY,
    reach: 0.75,
    better: 'higher',
    unit: 'requests per second',
    means: 'A claim number that is read out finds its claim at once.',
    limit:
      'A second statement asks whether the session is still open, and what is left is the way through the framework.',
  },
  {
    id: 'growth-import',
    work: `import: ${GROWS}`,
    beside: 'time for each row at the small size',
    reach: 1.15,
    better: 'lower',
    unit: 'µs per row',
    means: 'An exchange with four times the customers waits four times as long for its import, not longer.',
  },
  {
    id: 'growth-open',
    work: `opening claims: ${GROWS}`,
    beside: 'time for each row at the small size',
    reach: 1.15,
    better: 'lower',
    unit: 'µs per row',
    means: 'Opening goes on at its speed, however many customers there are.',
    limit:
      'The bare statements grow as well, by a sixth from 260,000 claims to 1,000,000: claim numbers do not count up, so that their index is filled in no order and leaves the caches of the processor.',
  },
  {
    id: 'growth-credit',
    work: `crediting: ${GROWS}`,
    beside: 'time for each row at the small size',
    reach: 1.15,
    better: 'lower',
    unit: 'µs per row',
    means: 'Crediting goes on at its speed, however many customers there are.',
    limit:
      'The watch adds up all wallets, claims and transfers in every round: the more there are, the more it takes of the two cores that crediting uses. Between two of its rounds a million is credited as fast as a tenth of it.',
  },
  {
    id: 'agents-p99-under-batch',
    work: 'holder pages and searches of 300 agents, the slowest of a hundred, while a batch executes',
    beside: 'the same without a batch',
    reach: 3,
    better: 'lower',
    unit: 'ms',
    means: 'Agents on the phone do not feel that money is being credited.',
  },
  {
    id: 'batch-under-agents',
    work: 'the duration of that batch while 300 agents work',
    beside: 'its duration alone',
    reach: 1.5,
    better: 'lower',
    unit: 's',
    means: 'Nobody has to wait for the evening before crediting.',
    limit: 'At a quarter of the size a batch is done in a second, and its two rounds differ twofold.',
  },
  {
    id: 'start-seconds',
    work: '`npm start` on an existing database, from process start to ready',
    beside: 'nothing: seconds as they are',
    reach: 3,
    better: 'lower',
    unit: 's',
    means: 'After a restart the phones hardly notice.',
    limit:
      'Seconds as they are, so a slow machine misses them. On the same cores it took 2.6 s when all else was three times as fast.',
  },
] as const satisfies readonly Measure[];

export type MeasureId = (typeof MEASURES)[number]['id'];

/** Both sides of one round. */
export interface Pair {
  readonly ours: number;
  readonly theirs: number;
}

/** One line of results.json. */
export interface Result extends Omit<Measure, 'means'> {
  readonly id: MeasureId;
  readonly ratio: number;
  readonly holds: boolean;
  readonly spread: readonly [number, number];
  readonly ours: number;
  readonly theirs: number;
}

/** The median of the ratios of all rounds, so that one disturbed round decides nothing; both sides as they are. */
export function judge(id: MeasureId, pairs: readonly Pair[]): Result {
  const measure = MEASURES.find((known) => known.id === id);
  if (!measure || pairs.length === 0) throw new Error(`Nothing was measured for ${id}.`);
  const { work, beside, reach, better, unit } = measure;
  const ratios = pairs.map(({ ours, theirs }) => ours / theirs);
  const ratio = median(ratios);
  return {
    id,
    work,
    beside,
    ratio: rounded(ratio),
    reach,
    better,
    holds: better === 'lower' ? ratio <= reach : ratio >= reach,
    spread: [rounded(Math.min(...ratios)), rounded(Math.max(...ratios))],
    ours: rounded(median(pairs.map(({ ours }) => ours))),
    theirs: rounded(median(pairs.map(({ theirs }) => theirs))),
    unit,
  };
}

export function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = Math.trunc(sorted.length / 2);
  const [below = 0, at = 0] = [sorted[middle - 1], sorted[middle]];
  return sorted.length % 2 === 1 ? at : (below + at) / 2;
}

/** Three digits say all that such a measurement knows. */
const rounded = (number: number): number => Number(number.toPrecision(3));
