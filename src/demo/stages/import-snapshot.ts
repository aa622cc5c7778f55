import { openAsBlob } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import type { Bar } from '../bar.js';
import { ApiProblem } from '../api.js';
import { xem } from '../figures.js';
import { controlTotals, exportFiles } from './write-export.js';
import type { Demo, Stage } from './stage.js';

interface Snapshot {
  readonly id: string;
  readonly status: 'importing' | 'invalid' | 'ready' | 'sealed';
  readonly rowsRead: string | null;
  readonly errorCount: string | null;
}

const LOOK_AGAIN_MS = 250;

export const importSnapshot: Stage = {
  name: 'import',
  title: 'The frozen balances are uploaded and checked',
  async run(demo, bar) {
    const totals = await controlTotals(demo);
    await demo.journal.measure('import', async () => {
      const id = await upload(demo, bar);
      await demo.journal.keepId('snapshot', id);
      await untilReady(demo, bar, id, Number(totals.wholeCount));
    });
    bar.note(`${totals.payableCount} customers to be paid hold ${xem(totals.payableXem)}`);
    bar.note(`${totals.excludedCount} rows are excluded and stay visible, together ${xem(totals.excludedXem)}`);
  },
};

/** The export as it is, the exclusion list beside it, and the totals that finance has counted on paper. */
async function upload(demo: Demo, bar: Bar): Promise<string> {
  const totals = await controlTotals(demo);
  const { holdersFile, exclusionsFile } = exportFiles(demo.folder);
  const fields = {
    kind: 'base',
    asOf: '2018-01-26T23:59:59+09:00',
    declaredCount: totals.wholeCount,
    declaredTotalXem: totals.wholeXem,
    declaredPayableCount: totals.payableCount,
    declaredPayableTotalXem: totals.payableXem,
    declaredExcludedCount: totals.excludedCount,
    declaredExcludedTotalXem: totals.excludedXem,
  };
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.set(name, value);
  const [holders, exclusions] = [
    await openAsBlob(holdersFile, { type: 'text/csv' }),
    await openAsBlob(exclusionsFile, { type: 'text/csv' }),
  ];
  form.set('exclusions', exclusions, 'exclusions.csv');
  form.set('file', holders, 'holders.csv');
  bar.expect(holders.size, 'bytes sent');
  let sent = 0;
  try {
    const maker = demo.people.as('maker');
    return (
      await maker.upload<Snapshot>('upload the export', '/v1/snapshots', form, (bytes) => bar.reach((sent += bytes)))
    ).id;
  } catch (error) {
    // An interrupted upload may have arrived whole; then the server knows the file.
    const known =
      error instanceof ApiProblem && error.code === 'snapshot_already_uploaded' ? error.extra.snapshotId : null;
    if (typeof known !== 'string') throw error;
    return known;
  }
}

async function untilReady({ people, stop }: Demo, bar: Bar, id: string, rows: number): Promise<void> {
  bar.expect(rows, 'rows checked');
  for (;;) {
    const snapshot = await people.as('maker').read<Snapshot>(`/v1/snapshots/${id}`);
    if (snapshot.status === 'invalid')
      throw new Error(`The import found ${snapshot.errorCount} faults: /v1/snapshots/${id}/errors.csv lists them.`);
    if (snapshot.status !== 'importing') return bar.reach(rows);
    if (snapshot.rowsRead !== null) bar.reach(Number(snapshot.rowsRead));
    await pause(LOOK_AGAIN_MS, undefined, { signal: stop });
  }
}
