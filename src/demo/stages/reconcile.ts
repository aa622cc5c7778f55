import type { Demo, Stage } from './stage.js';

/** As `/v1/reconciliation` answers it, as far as it is used here. */
interface Reconciliation {
  readonly balanced: boolean;
}

export const reconcile: Stage = {
  name: 'reconcile',
  title: 'The books are reconciled',
  async run(demo, bar) {
    bar.expect(1, 'comparisons');
    await demo.journal.measure('reconcile', () => reconciled(demo));
    bar.step();
    bar.note('No difference between balances, claims, approvals, credits and wallets');
  },
};

/** Has the auditor compare all totals. Errors: when any two of them differ. */
export async function reconciled({ people }: Demo): Promise<void> {
  const found = await people.as('auditor').read<Reconciliation>('/v1/reconciliation');
  if (!found.balanced) throw new Error(`The totals differ: ${JSON.stringify(found)}`);
}
