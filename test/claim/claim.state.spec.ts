import fc from 'fast-check';
import {
  CLAIM_STATES,
  mayFollow,
  needsTwoPeople,
  VERDICTS,
  type ClaimState,
  type Verdict,
} from '../../src/claim/claim.state.js';

const EDGES = ['pending→approved', 'pending→rejected', 'approved→credited', 'approved→pending', 'rejected→pending'];

describe('states of a claim', () => {
  it('follow exactly the edges of the design', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...CLAIM_STATES),
        fc.constantFrom(...CLAIM_STATES),
        (from: ClaimState, to: ClaimState) => {
          expect(mayFollow(from, to)).toBe(EDGES.includes(`${from}→${to}`));
        },
      ),
    );
  });

  it('are left by decisions only along these edges, and never to credited', () => {
    for (const { from, to } of Object.values(VERDICTS)) {
      expect(mayFollow(from, to)).toBe(true);
      expect(to).not.toBe('credited');
    }
  });

  it('need two people above a million yen and to reopen', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...(Object.keys(VERDICTS) as Verdict[])),
        fc.bigInt({ min: 0n, max: 10n ** 12n }),
        (verdict, amount) => {
          const large = amount > 1_000_000n && (verdict === 'approve' || verdict === 'reject');
          expect(needsTwoPeople(verdict, amount)).toBe(verdict === 'reopen' || large);
        },
      ),
    );
  });
});
