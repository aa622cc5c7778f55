import { approved, executed } from './credit.js';
import { runProposed } from './approve-claims.js';
import { signed } from './sign-release.js';
import { reconciled } from './reconcile.js';
import type { Demo, Stage } from './stage.js';

const PILOT_CLAIMS = 100;

interface Items {
  readonly items: readonly { readonly amountJpy: string }[];
}

export const creditPilot: Stage = {
  name: 'pilot',
  title: 'A pilot batch of claims of all sizes',
  async run(demo, bar) {
    const payable = Number((await runProposed(demo)).preview.payable.count);
    // Of few claims the pilot takes half, so that something is left for the batch that follows.
    const sampleSize = Math.min(PILOT_CLAIMS, Math.trunc(payable / 2));
    if (sampleSize === 0) return bar.note('Too few claims for a pilot');
    const batchId = await approved(demo, bar, {
      name: 'the pilot batch',
      filter: { sampleSize },
      controlTotalJpy: (batchId) => addedUp(demo, batchId),
    });
    await signed(demo, bar, batchId);
    await executed(demo, bar, batchId);
    await reconciled(demo);
    bar.note('Reconciled: no difference');
  },
};

/** The items one by one, as someone with a calculator would: a pilot is small enough. */
export async function addedUp({ people }: Demo, batchId: string): Promise<string> {
  const { items } = await people.as('maker').read<Items>(`/v1/credit-batches/${batchId}/items?limit=${PILOT_CLAIMS}`);
  return items.reduce((sum, { amountJpy }) => sum + BigInt(amountJpy), 0n).toString();
}
