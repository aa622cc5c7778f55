import { join } from 'node:path';
import type { ControlTotals } from '../holders/write-holders.js';
import { writeHolders } from '../holders/write-holders.js';
import { formatXem } from '../holders/micro-xem.js';
import { holderPlan } from '../plan.js';
import type { Demo, Stage } from './stage.js';

/** Where the export and its exclusion list are. */
export const exportFiles = (folder: string) => ({
  holdersFile: join(folder, 'holders.csv'),
  exclusionsFile: join(folder, 'exclusions.csv'),
});

/** Counts and sums as they are declared beside the upload. */
export interface DeclaredTotals {
  readonly wholeCount: string;
  readonly wholeXem: string;
  readonly excludedCount: string;
  readonly excludedXem: string;
  readonly payableCount: string;
  readonly payableXem: string;
}

export const writeExport: Stage = {
  name: 'export',
  title: 'Made-up customers are written to a CSV',
  async run({ folder, journal, stop }, bar) {
    const plan = holderPlan(journal.plan);
    bar.expect(plan.holders, 'customers');
    const totals = await writeHolders(plan, { ...exportFiles(folder), onRow: () => bar.step(), signal: stop });
    await journal.effect('control totals', () => declared(totals));
    bar.note(exportFiles(folder).holdersFile);
  },
};

/** What the export stage counted. */
export async function controlTotals({ journal }: Demo): Promise<DeclaredTotals> {
  return (
    await journal.effect<DeclaredTotals>('control totals', () =>
      Promise.reject(new Error('The export is not written yet.')),
    )
  ).body;
}

function declared({ whole, excluded, payable }: ControlTotals): DeclaredTotals {
  return {
    wholeCount: String(whole.count),
    wholeXem: formatXem(whole.total),
    excludedCount: String(excluded.count),
    excludedXem: formatXem(excluded.total),
    payableCount: String(payable.count),
    payableXem: formatXem(payable.total),
  };
}
