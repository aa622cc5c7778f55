import fc from 'fast-check';
import { Decimal } from '../../src/platform/decimal.js';
import { amountJpy, residueJpy, type RoundingRule } from '../../src/rate/rate.amount.js';
import { createTestDatabase, type TestDatabase } from '../harness/database.js';

const RULES: RoundingRule[] = ['half_up', 'up', 'down'];

/** A decimal with this many digits after the point, from an integer. */
const decimalText = (value: bigint, digits: number): string => {
  const text = value.toString().padStart(digits + 1, '0');
  return `${text.slice(0, -digits)}.${text.slice(-digits)}`;
};
const quantity = fc
  .oneof(fc.bigInt(1n, 50_000_000n), fc.bigInt(1n, 9_000_000_000_000_000n))
  .map((micro) => decimalText(micro, 6));
const price = fc
  .oneof(fc.constant(88_549n * 100_000n), fc.bigInt(1n, 9_999_999_999_999n))
  .map((scaled) => decimalText(scaled, 8));
/** Amounts that lie exactly between two yen: where rules differ and mistakes hide. */
const halves = fc
  .bigInt(1n, 10n ** 12n)
  .map((odd) => ({ quantity: decimalText((2n * odd - 1n) * 500_000n, 6), price: '1.00000000' }));
const factors = fc.oneof(fc.record({ quantity, price }), halves);

describe('amounts and rounding', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(() => database.drop());

  it('rounds as the database does, for any quantity, price and rule', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ factors, rule: fc.constantFrom(...RULES) }), { minLength: 1, maxLength: 200 }),
        async (cases) => {
          const rows = await database.asApp<{ amount: string }>(
            `SELECT round_jpy(q * p, r) AS amount FROM unnest($1::numeric[], $2::numeric[], $3::rounding_rule[]) WITH ORDINALITY AS given (q, p, r, nth) ORDER BY nth`,
            [
              cases.map((one) => one.factors.quantity),
              cases.map((one) => one.factors.price),
              cases.map((one) => one.rule),
            ],
          );
          expect(rows.map((row) => row.amount)).toEqual(
            cases.map((one) =>
              amountJpy(new Decimal(one.factors.quantity), new Decimal(one.factors.price), one.rule).toString(),
            ),
          );
        },
      ),
      { numRuns: 30 },
    );
  });

  it('rounds as integers say, for any quantity, price and rule', () => {
    fc.assert(
      fc.property(factors, ({ quantity: q, price: p }) => {
        const unit = 10n ** 14n;
        const exact = BigInt(q.replace('.', '')) * BigInt(p.replace('.', ''));
        const [down, up] = [exact / unit, (exact + unit - 1n) / unit];
        const halfUp = (exact + unit / 2n) / unit;
        const amounts = RULES.map((rule) => amountJpy(new Decimal(q), new Decimal(p), rule));
        expect(amounts).toEqual([halfUp, up, down]);
      }),
    );
  });

  it('leaves a residue that makes up for rounding exactly, for any quantities and price', () => {
    fc.assert(
      fc.property(
        fc.array(quantity, { minLength: 1, maxLength: 100 }),
        price,
        fc.constantFrom(...RULES),
        (quantities, p, rule) => {
          const total = quantities.reduce((sum, q) => sum + amountJpy(new Decimal(q), new Decimal(p), rule), 0n);
          const held = quantities.reduce((sum, q) => sum.plus(q), new Decimal(0));
          const residue = residueJpy(held, new Decimal(p), total);
          const exact = quantities.reduce(
            (sum, q) => sum + BigInt(q.replace('.', '')) * BigInt(p.replace('.', '')),
            0n,
          );
          expect(residue.plus(total.toString()).times(new Decimal(10).pow(14)).toFixed()).toBe(exact.toString());
          expect(residue.abs().lte(quantities.length)).toBe(true);
        },
      ),
    );
  });

  it('comes to the total of the reference case', () => {
    expect(residueJpy(new Decimal('523000000'), new Decimal('88.549'), 46_311_127_000n).toFixed()).toBe('0');
  });

  it('[trap 9] carries money as text and back without loss', () => {
    fc.assert(
      fc.property(fc.bigInt(0n, 9_223_372_036_854_775_807n), quantity, (yen, xem) => {
        const travelled = JSON.parse(
          JSON.stringify({ amountJpy: yen.toString(), quantityXem: new Decimal(xem).toFixed(6) }),
        ) as Record<string, string>;
        expect(BigInt(travelled.amountJpy ?? '')).toBe(yen);
        expect(travelled.quantityXem).toBe(new Decimal(xem).toFixed(6));
        expect(new Decimal(travelled.quantityXem ?? '').eq(xem)).toBe(true);
      }),
    );
  });
});
