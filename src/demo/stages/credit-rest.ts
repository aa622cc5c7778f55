import { executed } from './credit.js';
import type { Stage } from './stage.js';

export const creditRest: Stage = {
  name: 'credit',
  title: 'All other approved claims are credited',
  async run(demo, bar) {
    const batchId = demo.journal.idIfMade('the main batch');
    if (batchId === null) return bar.note('Nothing is left to credit');
    await executed(demo, bar, batchId);
  },
};
