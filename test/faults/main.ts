import { writeFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import { stopSignal } from '../../src/platform/installation/stop-signal.js';
import { FaultCluster } from './fault-cluster.js';
import { noFigures } from './figures.js';
import { readOptions } from './options.js';
import { roundOf, type Round } from './rounds.js';
import { SCENARIOS } from './scenarios.js';
import { summaryTable, tooFew, type PlayedRound } from './summary.js';

/** A round in which nothing came about for so long hangs; on a slow machine it may take as long as it likes. */
const STANDSTILL_MS = 300_000;
const LOOK_MS = 1_000;
/** So soon must the service answer again once a fault is over, by itself. */
const RECOVERY_LIMIT_MS = 10_000;

/** `npm run test:faults`: rounds of one fault each until the minutes are over; exit code 1 on any violation. */
const options = readOptions(process.argv);
const stop = stopSignal();
Logger.overrideLogger(false);
const figures = noFigures();
const rounds: PlayedRound[] = [];
const notRun = new Set<string>();
const began = Date.now();
const minutes = () => (Date.now() - began) / 60_000;
const cluster = await FaultCluster.start();
try {
  for (let round = options.onlyRound ?? 1; ; round += 1) {
    const played = await play(roundOf(options.seed, round));
    rounds.push(played);
    console.log(`${round} while ${played.scenario}: ${played.seconds} s`);
    // What hangs still works on the cluster: nothing after it would be worth anything.
    if (stop.aborted || options.onlyRound !== null || minutes() >= options.minutes || played.violations.length > 0)
      break;
  }
} finally {
  await cluster.stop();
}
const slow = figures.slowestRecoveryMs > RECOVERY_LIMIT_MS ? ['a return to service took longer than 10 s'] : [];
const hadItsTurn = (scenario: string) => rounds.some((played) => played.scenario === scenario);
const all = Object.keys(SCENARIOS).every(hadItsTurn);
if (!all) notRun.add('The time was too short for every kind of fault.');
const summary = {
  seed: options.seed,
  startedAt: new Date(began).toISOString(),
  minutes: minutes(),
  figures,
  notRun: [...notRun],
  rounds,
  violations: [...rounds.flatMap((played) => played.violations), ...slow, ...(all ? tooFew(figures) : [])],
};
await writeFile(options.summaryFile, `${JSON.stringify(summary, null, 2)}\n`);
console.log(summaryTable(summary));
process.exit(stop.aborted ? 130 : summary.violations.length === 0 ? 0 : 1);

async function play({ round, scenario, random }: Round): Promise<PlayedRound> {
  const since = Date.now();
  const over = new AbortController();
  const violations = await Promise.race([standstill(AbortSignal.any([stop, over.signal])), run()]).catch(
    (error: unknown) => [
      stop.aborted ? 'it was stopped' : error instanceof Error ? (error.stack ?? error.message) : String(error),
    ],
  );
  over.abort();
  return { round, scenario, seconds: Math.round((Date.now() - since) / 1_000), violations };

  async function standstill(signal: AbortSignal): Promise<string[]> {
    let last = { seen: '', at: since };
    while (Date.now() - last.at < STANDSTILL_MS) {
      await pause(LOOK_MS, undefined, { signal });
      const seen = JSON.stringify(figures);
      if (seen !== last.seen) last = { seen, at: Date.now() };
    }
    return ['it did not come to its end'];
  }

  async function run(): Promise<string[]> {
    return (
      (await SCENARIOS[scenario]?.({ cluster, random, figures, notRun: (why) => notRun.add(why) })) ?? [
        'there is no such scenario',
      ]
    );
  }
}
