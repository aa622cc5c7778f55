import { findPending, haveApproved } from './have-approved.js';
import type { Stage } from './stage.js';

export const sealSnapshot: Stage = {
  name: 'seal',
  title: 'Two people seal the balances for ever',
  async run(demo, bar) {
    bar.expect(2, 'people');
    await demo.journal.measure('seal', async () => {
      const id = demo.journal.id('snapshot');
      await demo.people.as('maker').change('seal the snapshot', `/v1/snapshots/${id}/seal`, () => null);
      bar.step();
      const request = await findPending(demo, 'checker1', 'snapshot_seal', id);
      if (request) await haveApproved(demo, bar, request, ['checker1', 'checker2']);
    });
    bar.note('Made by the finance maker, approved by a finance checker');
  },
};
