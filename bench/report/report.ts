import { writeFile } from 'node:fs/promises';
import { availableParallelism, cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import type { JobResults } from '../job.bench.js';
import { MEASURES, type Result } from '../measures.js';
import type { BenchOptions } from '../options.js';
import { plotGrowth, plotRatios } from './plots.js';

export interface Run {
  readonly options: BenchOptions;
  readonly results: readonly Result[];
  readonly jobs: JobResults;
  readonly minutes: number;
}

/** results.json for programs, README.md with its plots for people. */
export async function writeReport(folder: string, run: Run): Promise<void> {
  const files = {
    'results.json': `${JSON.stringify(run.results, null, 2)}\n`,
    'ratios-lower.svg': await plotRatios(run.results, 'lower'),
    'ratios-higher.svg': await plotRatios(run.results, 'higher'),
    'growth.svg': await plotGrowth(run.jobs.growth),
    'README.md': readme(run),
  };
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content);
}

function readme({ options, results, jobs, minutes }: Run): string {
  const { quick, sizes } = options;
  const missed = results.filter(({ holds }) => !holds).map(({ id }) => `\`${id}\``);
  const memory = [...jobs.peakRssMb].map(([holders, mb]) => `${mb} MB with ${grouped(holders)} holders`).join(', ');
  return `# The bench
How fast Henkin is, held against what PostgreSQL itself does on the same machine in the same minutes. Written by
\`npm run bench${quick ? ' -- --quick' : ''}\`; every figure below is from that one run.

- **Machine**: ${availableParallelism()} cores (${cpus()[0]?.model.trim() ?? 'unknown'}), ${Math.round(totalmem() / 1024 ** 3)} GB of memory, ${process.platform}, Node ${process.versions.node}
- **Run**: ${new Date().toISOString().slice(0, 16)} UTC, ${Math.round(minutes)} minutes, ${quick ? 'quick' : 'full'}: ${grouped(sizes.job)} rows, growth from ${grouped(sizes.growth.small)} to ${grouped(sizes.growth.large)}
- **Memory of the server**, at most: ${memory}
- **Missed**: ${missed.length === 0 ? 'nothing' : missed.join(', ')}

| id | ours | beside | unit | ratio | spread | reach | holds |
| --- | --- | --- | --- | --- | --- | --- | --- |
${results.map(row).join('\n')}

${limits(results)}## What it means
![Ratios where lower is better](ratios-lower.svg)

Bars are medians over all rounds, the thin stroke their spread, the black stroke how far it may go. Whoever works with Henkin
waits for little more than what PostgreSQL itself needs for the same rows.

![Ratios where higher is better](ratios-higher.svg)

On a logarithmic scale: customers and agents get nearly as many answers as a server that checks nothing, and a credit is done while
the usual way, claim by claim, has only begun.

![Time per row by number of holders](growth.svg)

Level lines: an exchange with more customers waits longer in proportion, and not worse.

${MEASURES.map(({ id, means, work, beside }) => `- \`${id}\`: ${means} (${work}, beside: ${beside}.)`).join('\n')}

## How it is measured
- Both sides run in one embedded PostgreSQL 18 with the settings that Henkin installs it with, \`fsync\`, \`synchronous_commit\` and
  \`full_page_writes\` on. Our side is the server as \`npm start\` runs it, driven through the public API by the people who would do it.
- The sides take turns, and change who comes first from round to round. Before each of them the watch has compared
  everything, the tree over what was sealed or credited is built, and a checkpoint writes out what the one before left behind:
  who waits for a step does not wait for the steps before. The ratio is the median of the ratios of the rounds.
- After every round that has moved money the books are reconciled and the guards are tried as the application's role. A
  difference, or one thing that is not refused, ends the run without a result.
- What makes the other side fast is written beside its statements in \`bench/beside\`: whole sets in the order of ids, half of each
  page free so that updates touch no index, one commit.
- \`--quick\` takes a quarter of the rows, a little less for the batches beside agents, fewer rounds, and growth from a quarter of the full job to the full job. Ratios of times per row keep
  their meaning: both sides work on the same rows, far beyond what fits a page or a cache line. 2,000 claims for the
  ORM and 20,000 transfers for the function are the same in both.
- 300 agents look something up every five seconds each: 60 requests per second over 300 connections, half pages, half searches.

## Run it
    npm run bench                            # everything, at most an hour
    npm run bench -- --quick                 # the same comparisons at a quarter of the size, minutes
    npm run bench -- --only me-etag,import-vs-copy

It exits 1 when a reach is missed. Only a run of everything rewrites this page.

## Others
A ledger built for nothing else, as TigerBeetle is, claims a million transfers a second: it keeps accounts and transfers in
structures of its own, replicates them, and batches thousands of transfers into one write. It would post these credits in a
second. It knows neither claims nor holders nor who agreed to what, so every credit would become two writes in two systems, with
all that takes to make them one. Here a claim, its decision, its transfer, the balance and the audit event commit together or not at
all, and a quarter of a million of them take seconds: PostgreSQL is right as long as that is fast enough.
`;
}

/** Of what was missed and is understood, why. */
function limits(results: readonly Result[]): string {
  const missed = new Set(results.filter(({ holds }) => !holds).map(({ id }) => id));
  const known = MEASURES.flatMap(({ id, ...measure }) =>
    missed.has(id) && 'limit' in measure ? [`- \`${id}\`: ${measure.limit}`] : [],
  );
  return known.length === 0 ? '' : `## What is missed, and what the limit is\n${known.join('\n')}\n\n`;
}

const row = ({ id, ours, theirs, unit, ratio, spread, reach, better, holds }: Result): string =>
  `| \`${id}\` | ${ours} | ${theirs} | ${unit} | **${ratio}** | ${spread.join('–')} | ${better === 'lower' ? '≤' : '≥'} ${reach} | ${holds ? 'yes' : '**no**'} |`;

const grouped = (number: number): string => number.toLocaleString('en');
