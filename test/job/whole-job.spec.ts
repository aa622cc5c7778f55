import { readFile } from 'node:fs/promises';
import { parse } from 'csv-parse/sync';
import { Jobs } from '../../src/platform/jobs/jobs.js';
import { createTestApp, type TestApp } from '../harness/app.js';
import { expectedTotalJpy, readBooks } from './books.js';
import { job, writeExport, type Export, type People } from './job.js';
import { textAt } from './job-client.js';
import { hirePeople } from './people.js';

const HOLDERS = 2_000;

/** Payable quantities as the files say, in millionths of a XEM. */
async function payableMicroXem({ holdersFile, exclusionsFile }: Export): Promise<bigint[]> {
  const read = async (file: string) =>
    parse<Record<string, string>>(await readFile(file), { columns: true, bom: true });
  const excluded = new Set((await read(exclusionsFile)).map((row) => row.customer_no));
  return (await read(holdersFile))
    .filter((row) => !excluded.has(row.customer_no))
    .map((row) => {
      const [whole = '0', decimals = ''] = (row.quantity_xem ?? '').split('.');
      return BigInt(whole) * 1_000_000n + BigInt(decimals.padEnd(6, '0'));
    });
}

describe.each([
  ['with a pool of ten connections', {}],
  ['with a single connection', { databasePoolSize: 1 }],
])('the whole job on 2,000 holders, %s', (_name, settings) => {
  let server: TestApp;
  let people: People;
  let files: Export;

  beforeAll(async () => {
    server = await createTestApp(settings);
    await server.app.listen(0, '127.0.0.1');
    const url = (await server.app.getUrl()).replace('[::1]', '127.0.0.1');
    people = await hirePeople(server, () => url);
    await server.app.get(Jobs).start();
    files = await writeExport(HOLDERS, 'whole-job');
  });
  afterAll(async () => {
    await files.remove();
    await server.close();
  });

  it('ends with every yen where it belongs', async () => {
    const quantities = await payableMicroXem(files);
    const expected = expectedTotalJpy(quantities);
    await job.seal(people, await job.import(people, files));
    await job.rate(people);
    await job.fund(people, expected + 1_000n);
    expect((await job.open(people)).body).toMatchObject({ count: String(HOLDERS), totalJpy: expected.toString() });
    const run = await job.approveAll(people);
    const pilot = await job.untilCompleted(people, await job.startBatch(people, { sampleSize: 50 }));
    expect(pilot.body).toMatchObject({ creditedCount: '50', skippedCount: '0' });
    expect((await job.reconciliation(people)).body).toMatchObject({ balanced: true });
    const rest = await job.untilCompleted(people, await job.startBatch(people));
    const approved = BigInt(textAt(run, 'outcome', 'approvedJpy'));
    expect(BigInt(textAt(pilot, 'creditedJpy')) + BigInt(textAt(rest, 'creditedJpy'))).toBe(approved);

    const books = await readBooks(server.database);
    expect(books).toMatchObject({
      claims: HOLDERS,
      totalJpy: expected,
      creditedTwice: 0,
      walletsJpy: approved,
      creditTransfersJpy: approved,
      trialBalanceJpy: 0n,
    });
    expect(books.byStatus.approved ?? 0).toBe(0);

    const { body } = await job.reconciliation(people);
    const micro = quantities.reduce((sum, quantity) => sum + quantity, 0n);
    const exactBillionths = micro * 88_549n;
    const residue = exactBillionths - expected * 1_000_000_000n;
    expect(body).toMatchObject({ balanced: true });
    const [whole = '0', decimals = ''] = String(body.residueJpy).replace('-', '').split('.');
    const read = BigInt(whole) * 1_000_000_000n + BigInt(decimals.padEnd(9, '0').slice(0, 9));
    expect(String(body.residueJpy).startsWith('-') ? -read : read).toBe(residue);
  });
});
