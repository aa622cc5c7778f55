import { grouped } from '../figures.js';
import type { Demo, Stage } from './stage.js';

/** Claims and yen, as text. */
export interface Line {
  readonly name: string;
  readonly count: string;
  readonly sumJpy: string;
}

/** As `/v1/reconciliation` answers it, as far as it is used here. */
export interface Reconciliation {
  readonly asOf: string;
  readonly balanced: boolean;
  readonly priceJpyPerXem: string;
  readonly quantityXem: string;
  readonly residueJpy: string;
  readonly trialBalanceJpy: string;
  readonly totals: readonly Line[];
  readonly claims: readonly Line[];
  readonly checks: readonly { readonly title: string; readonly balanced: boolean; readonly differenceJpy: string }[];
}

export const reconcile: Stage = {
  name: 'reconcile',
  title: 'The books are reconciled',
  async run(demo, bar) {
    bar.expect(1, 'comparisons');
    const { checks } = await demo.journal.measure('reconcile', () => reconciled(demo));
    bar.step();
    bar.note(`${checks.length} comparisons, no difference`);
  },
};

/** Has the auditor compare all totals. Errors: when any two of them differ. */
export async function reconciled({ people }: Demo): Promise<Reconciliation> {
  const found = await people.as('auditor').read<Reconciliation>('/v1/reconciliation');
  if (found.balanced) return found;
  const differences = found.checks
    .filter(({ balanced }) => !balanced)
    .map(({ title, differenceJpy }) => `${title}: ${grouped(differenceJpy)} JPY`);
  throw new Error(`The books do not agree. ${differences.join('; ')}`);
}
