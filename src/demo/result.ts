import { Decimal } from '../platform/decimal.js';
import { PRICE_JPY_PER_XEM } from './stages/announce-rate.js';
import { runProposed, tryApproving, type CountAndSum } from './stages/approve-claims.js';
import { BATCH_NAMES, type CreditBatch } from './stages/credit.js';
import type { Demo } from './stages/stage.js';
import { claimsOpened } from './stages/open-claims.js';

/** What came of the job: counts and yen as the server answers them, as text. */
export interface Result {
  readonly holders: string;
  readonly xemTotal: string;
  /** Sum over all claims, and what the exact product is above it; signed. */
  readonly jpyTotal: string;
  readonly residueJpy: string;
  readonly credited: CountAndSum;
  readonly underReview: CountAndSum;
  readonly belowOneYenCount: string;
  readonly compensationFundJpy: string;
  readonly approvedUncreditedJpy: string;
  readonly trialBalanceJpy: string;
}

interface Account {
  readonly kind: string;
  readonly balanceJpy: string;
}

export async function readResult(demo: Demo): Promise<Result> {
  const auditor = demo.people.as('auditor');
  const opened = await claimsOpened(demo);
  const { items } = await auditor.read<{ items: Account[] }>('/v1/ledger/accounts');
  const { totalJpy } = await auditor.read<{ totalJpy: string }>('/v1/ledger/trial-balance');
  const balanceOf = (kind: string) => items.find((account) => account.kind === kind)?.balanceJpy ?? '0';
  const [before, now] = [(await runProposed(demo)).preview, await tryApproving(demo)];
  return {
    holders: opened.count,
    xemTotal: opened.quantityXem,
    jpyTotal: opened.totalJpy,
    residueJpy: new Decimal(opened.quantityXem).times(PRICE_JPY_PER_XEM).minus(opened.totalJpy).toFixed(),
    credited: { count: await creditedCount(demo), sumJpy: balanceOf('customer_wallet') },
    underReview: now.excluded.under_review,
    belowOneYenCount: before.belowOneYen.count,
    compensationFundJpy: balanceOf('compensation_fund'),
    approvedUncreditedJpy: balanceOf('approved_uncredited'),
    trialBalanceJpy: totalJpy,
  };
}

async function creditedCount({ journal, people }: Demo): Promise<string> {
  let count = 0n;
  for (const name of BATCH_NAMES) {
    const id = journal.idIfMade(name);
    if (id !== null)
      count += BigInt((await people.as('auditor').read<CreditBatch>(`/v1/credit-batches/${id}`)).creditedCount);
  }
  return count.toString();
}
