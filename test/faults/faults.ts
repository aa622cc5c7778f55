import { open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { FaultCluster } from './fault-cluster.js';
import type { FaultFigures } from './figures.js';
import type { Installation } from './installation.js';
import type { Weather } from './lossy-link.js';

export interface Struck {
  readonly installation: Installation;
  readonly cluster: FaultCluster;
  readonly random: () => number;
  readonly figures: FaultFigures;
  /** How long something is frozen, stalled or refused, in milliseconds. */
  readonly longMs: number;
}

/** Something that goes wrong, again and again, while people do their work. It is over when this resolves. */
export type Fault = (struck: Struck) => Promise<void>;

const weather =
  (kinds: readonly Weather[]): Fault =>
  async ({ installation, random, longMs }) => {
    installation.link.change(kinds[Math.floor(random() * kinds.length)] ?? 'fair');
    await pause(longMs);
    installation.link.change('fair');
  };

/** What an operator, a failover or a full machine does to PostgreSQL for a while. */
const refusing =
  (on: readonly string[], off: readonly string[]): Fault =>
  async ({ installation, figures, longMs }) => {
    const { asSuperuser } = installation.office.database;
    for (const sql of on) await asSuperuser(sql);
    figures.refusals += 1;
    await pause(longMs);
    for (const sql of off) await asSuperuser(sql);
  };

const END_SESSIONS = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'henkin_app' AND datname = current_database()`;

export const FAULTS = {
  'servers are killed': async ({ installation, figures }) => {
    await installation.replace(installation.anyServer(), 'SIGKILL');
    figures.serverKills += 1;
  },
  'PostgreSQL is killed': async ({ cluster, random, figures }) => {
    await cluster.killAndStart(random() < 0.5 ? 'SIGKILL' : 'SIGQUIT');
    figures.postgresKills += 1;
  },
  'answers to COMMIT are lost': weather(['eats_commits']),
  'the network is slow, breaks or stalls': weather(['slow', 'breaks', 'stalled']),
  'a server is frozen': async ({ installation, figures, longMs }) => {
    const { pid } = installation.anyServer();
    process.kill(pid, 'SIGSTOP');
    await pause(longMs);
    process.kill(pid, 'SIGCONT');
    figures.freezes += 1;
  },
  'jobs are in the queue twice': async ({ installation, figures }) => {
    const doubled = await installation.office.database.asSuperuser(
      `SELECT graphile_worker.add_job(t.identifier, j.payload) FROM graphile_worker._private_jobs j
       JOIN graphile_worker._private_tasks t ON t.id = j.task_id`,
    );
    figures.jobsDuplicated += doubled.length;
  },
  'PostgreSQL is read-only after a failover': refusing(
    ['ALTER ROLE henkin_app SET default_transaction_read_only = on', END_SESSIONS],
    ['ALTER ROLE henkin_app RESET default_transaction_read_only', END_SESSIONS],
  ),
  'PostgreSQL has no connection left': refusing(
    ['ALTER ROLE henkin_app CONNECTION LIMIT 0', END_SESSIONS],
    ['ALTER ROLE henkin_app CONNECTION LIMIT -1'],
  ),
  "a server's clock is two days off": async ({ installation, random, figures, longMs }) => {
    await installation.setClockOff(random() < 0.5 ? 2 : -2, longMs);
    figures.clocksOff += 1;
  },
} satisfies Readonly<Record<string, Fault>>;

/** One of these each time, by chance. */
export const oneOf =
  (...faults: readonly [Fault, ...Fault[]]): Fault =>
  (struck) =>
    (faults[Math.floor(struck.random() * faults.length)] ?? faults[0])(struck);

/** PostgreSQL lives on the small file system of this folder, and something else takes all that is left of it. */
export const diskIsFull =
  (folder: string): Fault =>
  async ({ cluster, figures, longMs }) => {
    const ballast = join(folder, 'ballast');
    await fill(ballast);
    figures.disksFilled += 1;
    await pause(longMs);
    await rm(ballast);
    await cluster.untilItRuns();
  };

async function fill(file: string): Promise<void> {
  const handle = await open(file, 'w');
  try {
    for (let bytes = 1_048_576; bytes >= 4_096;) {
      const written = await handle.write(Buffer.alloc(bytes)).catch((error: { code?: string }) => {
        if (error.code === 'ENOSPC') return null;
        throw error;
      });
      if (written === null) bytes /= 2;
    }
  } finally {
    await handle.close();
  }
}
