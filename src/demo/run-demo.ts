import { resolve } from 'node:path';
import { readSettings } from '../platform/config/config.js';
import { freePort } from '../platform/database/postgres-cluster.js';
import { Api } from './api.js';
import { DemoDatabase } from './demo-database.js';
import { Journal } from './journal.js';
import { stayUp } from './look-around.js';
import type { DemoOptions } from './options.js';
import { People } from './people.js';
import { assertSamePlan, planOf } from './plan.js';
import { Mailbox } from './mailbox.js';
import { Progress } from './progress.js';
import { resultTable } from './result-table.js';
import { readResult } from './result.js';
import { DemoServer, runOnDemo } from './server.js';
import type { Demo } from './stages/stage.js';
import { STAGES, withAttack } from './stages/stages.js';
import { secondsOf, writeSummary } from './summary.js';
import { takeTour } from './tour.js';

const USUAL_PORT = 3000;

/** Whatever happens in between, the server ends before the database, and both end before this returns. */
export async function runDemo(options: DemoOptions, stop: AbortSignal): Promise<void> {
  const folder = resolve(readSettings(process.env).dataDir, 'demo');
  const progress = new Progress();
  const journal = await prepare(folder, options, progress);
  const database = await DemoDatabase.open(folder);
  const mailbox = await Mailbox.open();
  try {
    stop.throwIfAborted();
    const server = await DemoServer.start(folder, options.port ?? (await freePort(USUAL_PORT)), mailbox.smtpUrl, stop);
    try {
      await database.letKeysCountAtOnce();
      const people = await People.hire(new Api(server.baseUrl, stop), journal, administratorIn(folder));
      const job = doTheJob({ folder, journal, people, stop }, options, {
        progress,
        server,
        mailboxUrl: mailbox.url,
        databaseUrl: database.superuserUrl,
      });
      await Promise.race([job, server.died()]);
    } finally {
      await server.stop();
    }
  } finally {
    await mailbox.close();
    await database.stop();
  }
}

/** A fresh folder, or the one of last time if that is wanted. Errors: CannotStart. */
async function prepare(folder: string, { keep, plan }: DemoOptions, progress: Progress): Promise<Journal> {
  const kept = keep ? await Journal.read(folder) : null;
  if (kept) {
    assertSamePlan(kept.plan, plan);
    return kept;
  }
  const fresh = planOf(plan);
  if (keep) progress.say(`Nothing is kept in ${folder}: everything begins anew.`);
  await DemoDatabase.wipe(folder);
  return Journal.begin(folder, fresh);
}

/** As on a real installation: whoever may run programs on its machine makes the first administrator. */
export function administratorIn(folder: string) {
  return async (login: string, name: string): Promise<string> => {
    const printed = await runOnDemo(folder, 'identity/create-staff.cli.js', ['--login', login, '--name', name]);
    const token = /"activationToken":"([^"]+)"/.exec(printed)?.[1];
    if (!token) throw new Error('The administrator was made, but without an activation token.');
    return token;
  };
}

interface Surroundings {
  readonly progress: Progress;
  readonly server: DemoServer;
  readonly mailboxUrl: string;
  readonly databaseUrl: string;
}

async function doTheJob(
  demo: Demo,
  { once, summaryFile, showAttack }: DemoOptions,
  { progress, server, mailboxUrl, databaseUrl }: Surroundings,
): Promise<void> {
  progress.say(`The server is up: ${server.baseUrl}, its log: ${server.logFile}\n`);
  for (const stage of showAttack ? withAttack(databaseUrl) : STAGES) {
    if (demo.journal.isFinished(stage.name)) {
      progress.say(`${stage.title}: done before`);
      continue;
    }
    await progress.show(stage.title, (bar) => stage.run(demo, bar));
    await demo.journal.finish(stage.name);
  }
  const result = await readResult(demo);
  const seconds = Object.entries(secondsOf(demo)).map(([part, took]) => `${part} ${took.toFixed(1)} s`);
  progress.say(
    `\n${resultTable(result)}\n${seconds.join(', ')}; peak memory of the server ${await server.peakRssMb()} MB\n`,
  );
  if (summaryFile) await writeSummary(summaryFile, demo, result, server, databaseUrl);
  const creditedJpy = result.credited.sumJpy;
  const tour = await takeTour(demo, { baseUrl: server.baseUrl, mailboxUrl, databaseUrl, creditedJpy });
  for (const { title, outcome } of tour.stops) progress.say(`${title}: ${outcome}`);
  if (!once) await stayUp(demo, tour, { server, mailboxUrl }, progress);
}
