import { setTimeout as pause } from 'node:timers/promises';
import { readBooks } from '../job/books.js';
import { job, writeExport, type Export, type People } from '../job/job.js';
import type { Fault } from './faults.js';
import { Installation, type FaultSettings } from './installation.js';

/** Far below the amount from which a batch needs keys: those are another test's. */
const XEM_PER_HOLDER = 100n;

/**
 * The whole main job on two servers while one kind of fault goes on. Answers what is not as it must be: nothing that was
 * acknowledged is missing, nothing is there twice, the books agree.
 */
export async function playRound(fault: Fault, settings: FaultSettings, longMs: number): Promise<string[]> {
  const { holders, random, cluster, figures } = settings;
  const installation = await Installation.open(settings);
  const files = await writeExport(holders, `faults ${random()}`, BigInt(holders) * XEM_PER_HOLDER);
  const over = new AbortController();
  try {
    const people = await installation.hire();
    const striking = strike();
    const acknowledged = await doTheJob(people, files).finally(() => over.abort());
    await striking;
    await installation.recovered();
    await installation.reader.stop();
    return [
      ...installation.reader.violations,
      ...(await installation.alarms()),
      ...(await differences(installation, people, acknowledged, holders)),
    ];
  } finally {
    over.abort();
    await installation.close();
    await files.remove();
    figures.rounds += 1;
  }

  async function strike(): Promise<void> {
    while (!over.signal.aborted) {
      await pause(random() * longMs);
      if (!over.signal.aborted) await fault({ installation, cluster, random, figures, longMs });
    }
  }
}

interface Acknowledged {
  readonly outcome: Record<string, string>;
  readonly batch: Record<string, unknown>;
}

async function doTheJob(people: People, files: Export): Promise<Acknowledged> {
  await job.seal(people, await job.import(people, files));
  await job.rate(people);
  await job.fund(people, 10n ** 9n);
  await job.open(people);
  const run = await job.approveAll(people);
  const done = await job.untilCompleted(people, await job.startBatch(people));
  return { outcome: run.body.outcome as Record<string, string>, batch: done.body };
}

async function differences(
  { office }: Installation,
  people: People,
  { outcome, batch }: Acknowledged,
  holders: number,
): Promise<string[]> {
  const books = await readBooks(office.database);
  const { body } = await job.reconciliation(people);
  const expected: Readonly<Record<string, readonly [unknown, unknown]>> = {
    claims: [books.claims, holders],
    'credited twice': [books.creditedTwice, 0],
    'trial balance': [books.trialBalanceJpy, 0n],
    'wallets and approved': [books.walletsJpy, BigInt(outcome.approvedJpy ?? '')],
    'transfers and wallets': [books.creditTransfersJpy, books.walletsJpy],
    'batch and approved': [batch.creditedJpy, outcome.approvedJpy],
    'approved and not credited': [books.byStatus.approved ?? 0, 0],
    reconciliation: [body.balanced, true],
  };
  return Object.entries(expected)
    .filter(([, [seen, wanted]]) => seen !== wanted)
    .map(([name, [seen, wanted]]) => `${name}: ${String(seen)} instead of ${String(wanted)}`);
}
