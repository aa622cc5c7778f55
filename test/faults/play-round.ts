import { setTimeout as pause } from 'node:timers/promises';
import type { People } from '../job/job.js';
import type { Fault } from './faults.js';
import { Installation, type FaultSettings } from './installation.js';
import { verdict } from './verdict.js';
import { doFirstJob, doFurtherJob, type Acknowledged } from './work.js';

export interface RoundSettings extends FaultSettings {
  /** How long something is frozen, stalled or refused, in milliseconds. */
  readonly longMs: number;
  /** The job is done again, with further customers, until the fault has come so often. */
  readonly leastStrikes: number;
}

/**
 * The whole main job on two servers while one kind of fault goes on. Answers what is not as it must be: nothing that was
 * acknowledged is missing, nothing is there twice, the books agree, the chain of events is whole.
 */
export async function playRound(fault: Fault, settings: RoundSettings): Promise<string[]> {
  const { random, cluster, figures, longMs, leastStrikes } = settings;
  const installation = await Installation.open(settings);
  const over = new AbortController();
  const struck = { times: 0 };
  try {
    const people = await installation.hire();
    const [acknowledged] = await Promise.all([work(people).finally(() => over.abort()), strike()]);
    return await verdict(installation, people, acknowledged);
  } finally {
    over.abort();
    await installation.close();
    figures.rounds += 1;
  }

  async function strike(): Promise<void> {
    while (!over.signal.aborted) {
      await pause(random() * longMs);
      if (over.signal.aborted) return;
      await fault({ installation, cluster, random, figures, longMs });
      await installation.recovered();
      struck.times += 1;
      figures.strikes += 1;
    }
  }

  async function work(people: People): Promise<Acknowledged> {
    const acknowledged = await doFirstJob(people, settings);
    while (struck.times < leastStrikes) await doFurtherJob(people, settings, acknowledged);
    return acknowledged;
  }
}
