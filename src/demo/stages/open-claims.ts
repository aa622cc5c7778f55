import { grouped, xem, yen } from '../figures.js';
import { usualSeconds, type Stage } from './stage.js';

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
    const officer = demo.people.as('officer1');
    const opened = await demo.journal.measure('open', () => {
      const opening = officer.change<OpenedClaims>('open claims', '/v1/claims/open', () => null);
      return bar.during(usualSeconds(demo), opening);
    });
    bar.note(`${grouped(opened.count)} claims over ${xem(opened.quantityXem)} make ${yen(opened.totalJpy)}`);
    bar.note(`${grouped(opened.heldNoWallet)} of them are held, because the account is closed`);
  },
};
