import { readFile, writeFile } from 'node:fs/promises';
import { job, writeExport, type People } from '../job/job.js';
import type { FaultSettings } from './installation.js';
import { startMails } from './mails.js';

/** Far below the amount from which a batch needs keys: those are another test's. */
const XEM_PER_HOLDER = 100n;

/** What people were told has happened. */
export interface Acknowledged {
  jobs: number;
  holders: number;
  approvedJpy: bigint;
  creditedJpy: bigint;
  campaignId: string | null;
}

export async function doFirstJob(people: People, settings: FaultSettings): Promise<Acknowledged> {
  const acknowledged: Acknowledged = { jobs: 0, holders: 0, approvedJpy: 0n, creditedJpy: 0n, campaignId: null };
  await importAndSeal(people, settings, 0);
  await job.rate(people);
  await job.fund(people, 10n ** 9n);
  if (settings.mails) acknowledged.campaignId = await startMails(people);
  await pay(people, settings, acknowledged);
  return acknowledged;
}

/** The same with customers who were in no file before. */
export async function doFurtherJob(people: People, settings: FaultSettings, acknowledged: Acknowledged): Promise<void> {
  await importAndSeal(people, settings, acknowledged.jobs);
  await pay(people, settings, acknowledged);
}

async function importAndSeal(people: People, { holders, random }: FaultSettings, nth: number): Promise<void> {
  const files = await writeExport(holders, `faults ${random()}`, BigInt(holders) * XEM_PER_HOLDER);
  try {
    // Numbers are drawn by chance: letters of its own keep each file's customers apart from all others.
    for (const file of [files.holdersFile, files.exclusionsFile])
      await writeFile(file, (await readFile(file, 'utf8')).replaceAll(/^C(?=\d)/gmu, `F${nth}C`));
    await job.seal(people, await job.import(people, files, nth === 0 ? 'base' : 'supplement'));
  } finally {
    await files.remove();
  }
}

async function pay(people: People, { holders }: FaultSettings, acknowledged: Acknowledged): Promise<void> {
  await job.open(people);
  const { approvedJpy } = (await job.approveAll(people)).body.outcome as Record<string, string>;
  const done = await job.untilCompleted(people, await job.startBatch(people));
  acknowledged.jobs += 1;
  acknowledged.holders += holders;
  acknowledged.approvedJpy += BigInt(approvedJpy ?? '');
  acknowledged.creditedJpy += BigInt(String(done.body.creditedJpy));
}
