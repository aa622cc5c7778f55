import { readSettings } from '../../src/platform/config/config.js';
import fc from 'fast-check';
import { plus, programmeDifferences, type Sums } from '../../src/watch/programme.amount.js';
import { nextPortion, nextSlice } from '../../src/watch/slices.amount.js';
import { totalDifferences, type Totals } from '../../src/watch/totals.amount.js';
import { Speed } from '../../src/watch/speed.amount.js';

const yen = fc.bigInt(0n, 10n ** 15n);
const sums = fc.record<Sums>({
  fundedJpy: yen,
  approvedJpy: yen,
  withdrawnJpy: yen,
  creditedJpy: yen,
  creditedCount: yen,
});
const balancesOf = ({ fundedJpy, approvedJpy, withdrawnJpy, creditedJpy }: Sums) => ({
  ownFundsJpy: -fundedJpy,
  compensationFundJpy: fundedJpy - approvedJpy + withdrawnJpy,
  approvedUncreditedJpy: approvedJpy - withdrawnJpy - creditedJpy,
});

describe('the programme accounts', () => {
  it('hold what was moved, however the transfers are split into settled and new ones', () => {
    fc.assert(
      fc.property(sums, sums, (settled, fresh) => {
        expect(programmeDifferences(plus(settled, fresh), balancesOf(plus(settled, fresh)))).toEqual([]);
      }),
    );
  });

  it('differ by exactly what is missing', () => {
    fc.assert(
      fc.property(sums, fc.bigInt(1n, 10n ** 12n), (moved, missing) => {
        const balances = balancesOf(moved);
        const found = programmeDifferences(moved, {
          ...balances,
          compensationFundJpy: balances.compensationFundJpy - missing,
        });
        expect(found).toMatchObject([
          { kind: 'programme_account_differs', subject: `account:compensation_fund:-${missing}` },
        ]);
      }),
    );
  });
});

describe('claims, wallets and credits', () => {
  const totals = fc.record<Totals>({
    approvedClaimsJpy: yen,
    creditedClaimsCount: yen,
    creditedClaimsJpy: yen,
    walletsJpy: yen,
    creditsCount: yen,
    creditsJpy: yen,
  });

  it('agree when each side holds the same, and are told apart by exactly the sides that do not', () => {
    fc.assert(
      fc.property(totals, sums, ({ approvedClaimsJpy }, seen) => {
        const { creditedCount, creditedJpy } = seen;
        const agreed: Totals = {
          approvedClaimsJpy,
          creditedClaimsCount: creditedCount,
          creditedClaimsJpy: creditedJpy,
          walletsJpy: creditedJpy,
          creditsCount: creditedCount,
          creditsJpy: creditedJpy,
        };
        expect(totalDifferences(agreed, seen, approvedClaimsJpy)).toEqual([]);
        const sidesOf = (changed: Partial<Totals>) =>
          totalDifferences({ ...agreed, ...changed }, seen, approvedClaimsJpy).map(({ subject }) => subject);
        expect(sidesOf({ walletsJpy: creditedJpy + 1n })).toEqual(['totals:wallets:0:1']);
        expect(sidesOf({ approvedClaimsJpy: approvedClaimsJpy - 2n })).toEqual(['totals:approved_claims:0:-2']);
        expect(sidesOf({ creditedClaimsCount: creditedCount + 1n })).toEqual(['totals:credited_claims:1:0']);
        expect(sidesOf({ creditsJpy: creditedJpy - 3n })).toEqual([
          'totals:credits_seen:0:-3',
          'totals:credited_claims:0:3',
          'totals:wallets:0:3',
        ]);
      }),
    );
  });
});

describe('slices', () => {
  it('come to every id within 121 rounds, and begin again', () => {
    fc.assert(
      fc.property(fc.bigInt(0n, 10n ** 9n), (lastId) => {
        let after = 0n;
        for (let round = 0; round < 121 && after < lastId; round += 1) {
          const slice = nextSlice(after, lastId);
          expect(slice.after).toBe(after);
          after = slice.to;
        }
        expect(after).toBeGreaterThanOrEqual(lastId);
        expect(nextSlice(after, lastId).after).toBe(0n);
      }),
    );
  });
});

describe('the speed of credits', () => {
  const announced = { count: 100_000n, jpy: 10n ** 12n };
  const at = (seconds: number, count: bigint) => ({ at: seconds * 1000, count, jpy: count });

  it('may be as announced', () => {
    const speed = new Speed(5_000);
    for (let second = 0; second <= 90; second += 1)
      expect(speed.compare(at(second, BigInt(second) * 1_000n), announced)).toEqual([]);
  });

  it('is too high when more comes than may, and told once in a minute', () => {
    const speed = new Speed(5_000);
    const found = [0, 1, 2, 3, 4, 5].flatMap((second) => speed.compare(at(second, BigInt(second) * 6_000n), announced));
    expect(new Set(found.map(({ kind, subject }) => `${kind} ${subject}`))).toEqual(
      new Set(['credits_too_fast minute:0']),
    );
  });

  it('may be what a batch of this size reaches, unless it was set lower', () => {
    const speed = new Speed(readSettings({}).watchMostCreditsPerSecond);
    const full = { count: 1_000_000n, jpy: 10n ** 12n };
    for (let second = 0; second <= 10; second += 1)
      expect(speed.compare(at(second, BigInt(second) * 100_000n), full)).toEqual([]);
  });

  it('is more than announced when no batch is under way that holds so much', () => {
    const speed = new Speed(1_000_000);
    speed.compare(at(0, 0n), { count: 0n, jpy: 0n });
    expect(speed.compare(at(1, 1n), { count: 0n, jpy: 0n })).toMatchObject([{ kind: 'more_than_announced' }]);
  });
});

describe('the portion of a round', () => {
  it('shrinks while rounds are slow, grows while they are quick, and stays within its bounds', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 20_000, max: 100_000 }),
        fc.double({ min: 0, max: 60_000, noNaN: true }),
        (rows, tookMs) => {
          const next = nextPortion(rows, tookMs);
          expect(next).toBeGreaterThanOrEqual(20_000);
          expect(next).toBeLessThanOrEqual(100_000);
          if (tookMs > 8_000) expect(next).toBeLessThanOrEqual(rows);
          if (tookMs < 4_000) expect(next).toBeGreaterThanOrEqual(rows);
        },
      ),
    );
  });
});
