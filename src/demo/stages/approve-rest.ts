import { approved } from './credit.js';
import type { Demo, Stage } from './stage.js';

interface Accounts {
  readonly items: readonly { readonly kind: string; readonly balanceJpy: string }[];
}

export const approveRest: Stage = {
  name: 'main batch',
  title: 'All others in one batch, approved by two people',
  async run(demo, bar) {
    const nothingLeft = demo.journal.idIfMade('the main batch') === null && (await approvedUncredited(demo)) === '0';
    if (nothingLeft) return bar.note('Nothing is left to credit');
    await approved(demo, bar, { name: 'the main batch', filter: {}, controlTotalJpy: () => approvedUncredited(demo) });
  },
};

/** What finance has on paper for this batch: the ledger's own figure, not the batch's. */
async function approvedUncredited({ people }: Demo): Promise<string> {
  const { items } = await people.as('maker').read<Accounts>('/v1/ledger/accounts');
  const account = items.find(({ kind }) => kind === 'approved_uncredited');
  if (!account) throw new Error('The ledger has no account approved_uncredited.');
  return account.balanceJpy;
}
