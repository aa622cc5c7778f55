import pg from 'pg';
import { verifyAudit } from '../../src/reconciliation/audited/verify-audit.js';
import { readBooks } from '../job/books.js';
import { job, type People } from '../job/job.js';
import type { Installation } from './installation.js';
import { untilMailed, wrongMails } from './mails.js';
import type { Acknowledged } from './work.js';

/** Everything that is not as it must be, once all is at rest and the faults are over. */
export async function verdict(
  installation: Installation,
  people: People,
  acknowledged: Acknowledged,
): Promise<string[]> {
  await installation.recovered();
  const { campaignId } = acknowledged;
  if (campaignId !== null) await untilMailed(people, campaignId);
  await installation.reader.stop();
  return [
    ...(campaignId === null ? [] : await wrongMails(installation, campaignId)),
    ...installation.reader.violations,
    ...(await installation.alarms()),
    ...(await differences(installation, people, acknowledged)),
  ];
}

/** What differs between what people were told and what is there. */
async function differences({ office }: Installation, people: People, acknowledged: Acknowledged): Promise<string[]> {
  const books = await readBooks(office.database);
  const { body } = await job.reconciliation(people);
  const expected: Readonly<Record<string, readonly [unknown, unknown]>> = {
    claims: [books.claims, acknowledged.holders],
    'credited twice': [books.creditedTwice, 0],
    'trial balance': [books.trialBalanceJpy, 0n],
    'wallets and approved': [books.walletsJpy, acknowledged.approvedJpy],
    'transfers and wallets': [books.creditTransfersJpy, books.walletsJpy],
    'batches and approved': [acknowledged.creditedJpy, acknowledged.approvedJpy],
    'approved and not credited': [books.byStatus.approved ?? 0, 0],
    reconciliation: [body.balanced, true],
    'chain of events': [await findingOf(office.database.superuserUrl), null],
  };
  return Object.entries(expected)
    .filter(([, [seen, wanted]]) => seen !== wanted)
    .map(([name, [seen, wanted]]) => `${name}: ${String(seen)} instead of ${String(wanted)}`);
}

async function findingOf(url: string): Promise<string | null> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query('BEGIN');
    return (await verifyAudit(client, null)).finding;
  } finally {
    await client.end();
  }
}
