import fc from 'fast-check';
import { Decimal } from '../../src/platform/decimal.js';
import { barFigures, type Bar } from '../../src/rate/bar-figures.amount.js';
import { jstInstant, parseScaled, windowsOf, type PriceWindow } from '../../src/rate/price-window.amount.js';
import { TradeFigures } from '../../src/rate/trade-figures.amount.js';

const WINDOW: PriceWindow = { startMs: 1_000_000, endMs: 4_000_000, announced: true };
const scaled = fc.bigInt(1n, 99_999_999_999_999n);

describe('figures from trades', () => {
  const trade = fc.record({ timeMs: fc.integer({ min: 0, max: 5_000_000 }), price: scaled, quantity: scaled });

  it('are the exact ratio over the window, start included and end excluded, in any order', () => {
    fc.assert(
      fc.property(fc.array(trade, { maxLength: 60 }), fc.bigInt(1n, 9_999_999_999n), (trades, announced) => {
        const sums = new TradeFigures([WINDOW]);
        for (const { timeMs, price, quantity } of trades) sums.add(timeMs, price, quantity);
        const inside = trades.filter(({ timeMs }) => timeMs >= WINDOW.startMs && timeMs < WINDOW.endMs);
        const [figures] = sums.figures(new Decimal(announced.toString()));
        expect(figures?.tradeCount).toBe(inside.length.toString());
        expect(sums.touchesAnnounced).toBe(inside.length > 0);
        if (inside.length === 0) {
          expect(figures).toMatchObject({ vwapJpyPerXem: null, differenceJpyPerXem: null, differenceRatio: null });
          return;
        }
        const turnover = inside.reduce((sum, { price, quantity }) => sum + price * quantity, 0n);
        const quantity = inside.reduce((sum, one) => sum + one.quantity, 0n);
        // Half up at the twelfth digit, in integers.
        const average = (turnover * 10n ** 4n * 2n + quantity) / (quantity * 2n);
        expect(new Decimal(figures?.vwapJpyPerXem ?? 'NaN').times(new Decimal(10).pow(12)).toFixed()).toBe(
          average.toString(),
        );
        expect(new Decimal(figures?.turnoverJpy ?? 'NaN').div(figures?.quantityXem ?? 'NaN').toFixed(12)).toBe(
          figures?.vwapJpyPerXem,
        );
      }),
    );
  });
});

describe('figures from bars', () => {
  const LENGTH = 600_000;
  const bar = fc.tuple(scaled, scaled, scaled).map(([a, b, c]) => {
    const [low = 0n, close = 0n, high = 0n] = [a, b, c].sort((x, y) => (x < y ? -1 : 1));
    return { low, close, high };
  });
  const bars = fc
    .array(bar, { minLength: 1, maxLength: 9 })
    .map((list) => list.map((one, index): Bar => ({ ...one, startMs: index * LENGTH })));

  it('have bounds that every average inside the bars lies between, proxies included', () => {
    fc.assert(
      fc.property(bars, (list) => {
        const [figures] = barFigures(list, LENGTH, [WINDOW], new Decimal(1));
        const touched = list.filter(({ startMs }) => startMs + LENGTH > WINDOW.startMs && startMs < WINDOW.endMs);
        expect(figures?.barCount).toBe(touched.length.toString());
        if (touched.length === 0) {
          expect(figures).toMatchObject({
            lowestLow: null,
            highestHigh: null,
            announcedWithinBounds: null,
            proxies: { equalWeightedTypicalPrice: null },
          });
          return;
        }
        const [low, high] = [new Decimal(figures?.lowestLow ?? 'NaN'), new Decimal(figures?.highestHigh ?? 'NaN')];
        for (const proxy of Object.values(figures?.proxies ?? {})) {
          if (proxy === null) continue;
          expect(new Decimal(proxy).gte(low.minus('1e-12')) && new Decimal(proxy).lte(high.plus('1e-12'))).toBe(true);
        }
      }),
    );
  });

  it('count the bars that a window should have and the file lacks', () => {
    const at = (index: number): Bar => ({ startMs: index * LENGTH, low: 1n, close: 1n, high: 1n });
    expect(barFigures([at(2), at(5)], LENGTH, [WINDOW], new Decimal(1))[0]).toMatchObject({
      barCount: '2',
      missingBarCount: '4',
    });
  });
});

describe('windows', () => {
  it('pair every start with every end once, the announced one first', () => {
    const [a, b, c] = [new Date(1), new Date(2), new Date(9)];
    expect(windowsOf([a, b, a], [c])).toEqual([
      { startMs: 1, endMs: 9, announced: true },
      { startMs: 2, endMs: 9, announced: false },
    ]);
  });

  it('are shown in JST and read back as the same instant', () => {
    expect(jstInstant(Date.parse('2018-01-26T12:09:00+09:00'))).toBe('2018-01-26T12:09:00+09:00');
    fc.assert(fc.property(fc.integer({ min: 0, max: 4_000_000_000_000 }), (ms) => Date.parse(jstInstant(ms)) === ms));
  });

  it('read decimals exactly or not at all', () => {
    fc.assert(
      fc.property(fc.bigInt(1n, 10n ** 20n - 1n), (value) => {
        const text = value.toString().padStart(9, '0');
        expect(parseScaled(`${text.slice(0, -8)}.${text.slice(-8)}`)).toBe(value);
      }),
    );
    for (const wrong of [
      '',
      '0',
      '0.0',
      '-1',
      '+1',
      '1.',
      '.5',
      '01',
      '1e3',
      'NaN',
      'Infinity',
      '1,000',
      '１',
      '1.123456789',
      '1234567890123',
      ' 1',
      '0x10',
    ]) {
      expect([wrong, parseScaled(wrong)]).toEqual([wrong, null]);
    }
  });
});
