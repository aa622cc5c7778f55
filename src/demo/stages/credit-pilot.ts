import { credit } from './credit.js';
import { reconciled } from './reconcile.js';
import type { Demo, Stage } from './stage.js';

interface Claim {
  readonly customerNo: string;
  readonly amountJpy: string;
}

const PILOT_CLAIMS = 100;
/** Powers of ten of yen: a pilot that has claims of each size meets what depends on size. */
const SIZES = ['1', '10', '100', '1000', '10000', '100000', '1000000', '10000000', '100000000', '1000000000'];

export const creditPilot: Stage = {
  name: 'pilot',
  title: 'A pilot batch of claims of all sizes',
  async run(demo, bar) {
    const { body: claims } = await demo.journal.effect('pilot claims', () => choose(demo));
    if (claims.length === 0) return bar.note('Too few claims for a pilot');
    const controlTotalJpy = claims.reduce((sum, { amountJpy }) => sum + BigInt(amountJpy), 0n).toString();
    await credit(demo, bar, {
      name: 'the pilot batch',
      filter: { customerNos: claims.map(({ customerNo }) => customerNo) },
      controlTotalJpy,
    });
    await reconciled(demo);
    bar.note('Reconciled: no difference');
  },
};

/** In turn one of each size, until there are enough or half of all. */
async function choose({ people }: Demo): Promise<Claim[]> {
  const bySize: Claim[][] = [];
  for (const [index, from] of SIZES.entries()) {
    const below = SIZES[index + 1];
    const upTo = below === undefined ? '' : `&maxAmountJpy=${BigInt(below) - 1n}`;
    const { items } = await people
      .as('maker')
      .read<{ items: Claim[] }>(`/v1/claims?status=approved&underReview=false&minAmountJpy=${from}${upTo}&limit=100`);
    bySize.push(items);
  }
  const inTurn = Array.from({ length: PILOT_CLAIMS }, (_, round) =>
    bySize.flatMap((claims) => claims[round] ?? []),
  ).flat();
  const chosen = inTurn.slice(0, Math.min(PILOT_CLAIMS, Math.trunc(inTurn.length / 2)));
  return chosen.map(({ customerNo, amountJpy }) => ({ customerNo, amountJpy }));
}
