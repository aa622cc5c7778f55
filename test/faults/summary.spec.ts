import { noFigures } from './figures.js';
import { tooFew } from './summary.js';

describe('the summary of a run', () => {
  it('says what came less often than is promised', () => {
    const figures = { ...noFigures(), serverKills: 51, postgresKills: 19, commitsEaten: 250, idempotencyKeys: 1_000 };
    expect(tooFew({ ...figures, idempotentTries: 50_000, invariantReads: 99_999 })).toEqual([
      'PostgreSQL killed (SIGKILL, immediate shutdown): only 19 of 20',
      'reads of the invariants: only 99999 of 100000',
    ]);
  });
});
