import fc from 'fast-check';
import { payableBalances } from '../../src/demo/holders/balances.js';
import { formatXem, parseXem } from '../../src/demo/holders/micro-xem.js';

const TOTAL = 523_000_000_000_000n;
const XEM = 1_000_000n;

const sum = (balances: readonly bigint[]) => balances.reduce((total, balance) => total + balance, 0n);

describe('balances of the demo', () => {
  it('sum to exactly the total, each at least a millionth, for any number of holders and any total that suffices', () => {
    const holders = fc.integer({ min: 1, max: 1_000 });
    const spare = fc.oneof(
      fc.constant(0n),
      fc.bigInt({ min: 0n, max: 5_000n }),
      fc.bigInt({ min: 0n, max: 9_000_000_000_000_000n }),
    );
    fc.assert(
      fc.property(fc.string(), holders, spare, (seed, count, above) => {
        const balances = [...payableBalances(seed, count, BigInt(count) + above)];
        expect(balances).toHaveLength(count);
        expect(sum(balances)).toBe(BigInt(count) + above);
        expect(balances.every((balance) => balance >= 1n)).toBe(true);
      }),
      { numRuns: 200 },
    );
  });

  it('refuse a total that cannot give everybody a millionth', () => {
    expect(() => [...payableBalances('1', 10, 9n)]).toThrow(RangeError);
    expect(() => [...payableBalances('1', 0, 9n)]).toThrow(RangeError);
  });

  it('are spread as on a real exchange at the sizes of the incident', () => {
    const balances = [...payableBalances('1', 260_000, TOTAL)];
    const share = (among: (balance: bigint) => boolean) => balances.filter(among).length;
    expect(sum(balances)).toBe(TOTAL);
    expect(share((balance) => balance < 10n * XEM)).toBeGreaterThan(80_000);
    expect(share((balance) => balance > 1_000_000n * XEM)).toBeGreaterThan(5);
    expect(share((balance) => balance > 1_000_000n * XEM)).toBeLessThan(100);
    // quantity × 88.549 below half a yen
    const dust = share((balance) => balance * 88_549n * 2n < XEM * 1_000n);
    expect(dust).toBeGreaterThan(100);
    expect(dust).toBeLessThan(5_000);
  });
});

describe('micro-XEM as text', () => {
  it('reads back what it wrote', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 19n), max: 10n ** 19n }), (micro) => {
        expect(formatXem(micro)).toMatch(/^-?\d+\.\d{6}$/);
        expect(parseXem(formatXem(micro))).toBe(micro);
      }),
    );
  });

  it.each(['', '-', '1.', '.5', '1e6', '1,000', '１', '0.0000001', 'NaN', ' 1', '0x10'])(
    'does not take %j for a quantity',
    (text) => {
      expect(parseXem(text)).toBeNull();
    },
  );

  it('takes fewer decimals', () => {
    expect(parseXem('523000000')).toBe(TOTAL);
    expect(parseXem('0.5')).toBe(500_000n);
  });
});
