import { grouped, xem, yen } from '../figures.js';
import type { Demo, Stage } from './stage.js';

interface OpenedClaims {
  readonly count: string;
  readonly totalJpy: string;
  readonly quantityXem: string;
  readonly heldNoWallet: string;
}

export const openClaims: Stage = {
  name: 'open',
  title: 'Claims are opened: quantity × price',
  async run(demo, bar) {
    bar.expect(1, 'statements');
    const opened = await demo.journal.measure('open', () => claimsOpened(demo));
    bar.step();
    bar.note(`${grouped(opened.count)} claims over ${xem(opened.quantityXem)} make ${yen(opened.totalJpy)}`);
    bar.note(`${grouped(opened.heldNoWallet)} of them are held, because the account is closed`);
  },
};

/** Opens the claims; afterwards the server repeats what it answered then. */
export function claimsOpened({ people }: Demo): Promise<OpenedClaims> {
  return people.as('officer1').change<OpenedClaims>('open claims', '/v1/claims/open', () => null);
}
