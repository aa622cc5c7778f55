import fc from 'fast-check';
import type { ReconciliationView } from '../../src/reconciliation/reconciliation.dto.js';
import { createTestApp, type TestApp } from '../harness/app.js';
import { arrangeProgramme, expectedAmountJpy, PRICE_MILLI_YEN } from '../harness/programme.js';
import { staffToken } from '../harness/staff.js';
import { countStatements } from '../harness/statements.js';
import { arrangeBooks, tamper, type Position, type Standing } from './books.js';

const STANDINGS: Standing[] = ['pending', 'held', 'approved', 'approved_held', 'credited', 'rejected', 'below_one_yen'];
const POSITIONS: Position[] = [
  { microXem: 12_345_678n, standing: 'pending' },
  { microXem: 1_000_000_001n, standing: 'held' },
  { microXem: 777_777_777n, standing: 'approved' },
  { microXem: 50_000_000n, standing: 'approved_held' },
  { microXem: 1_234_567_890_123n, standing: 'credited' },
  { microXem: 10_000n, standing: 'credited' },
  { microXem: 3_333_333n, standing: 'rejected' },
  { microXem: 5_000n, standing: 'below_one_yen' },
];
const FUND = 10n ** 9n;

const reconciliationOf = async (server: TestApp, language = 'en'): Promise<ReconciliationView> => {
  const { token } = await staffToken(server, 'auditor');
  const { status, body } = await server.call<ReconciliationView>('GET', '/v1/reconciliation', {
    token,
    headers: { 'accept-language': language },
  });
  expect(status).toBe(200);
  return body;
};
const failed = (view: ReconciliationView): string[] =>
  view.checks.filter(({ balanced }) => !balanced).map(({ name }) => name);

/** Thousandths of a yen times millionths of a XEM, as a decimal without needless digits. */
const exactYen = (microXem: bigint, deductJpy = 0n): string => {
  const billionths = microXem * PRICE_MILLI_YEN - deductJpy * 10n ** 9n;
  const [sign, digits] = [
    billionths < 0n ? '-' : '',
    (billionths < 0n ? -billionths : billionths).toString().padStart(10, '0'),
  ];
  const part = digits.slice(-9).replace(/0+$/, '');
  return `${sign}${digits.slice(0, -9)}${part ? `.${part}` : ''}`;
};

describe('reconciliation', () => {
  let server: TestApp;
  beforeEach(async () => {
    server = await createTestApp();
  });
  afterEach(() => server.close());

  it('says how far the programme has come before there is anything to compare', async () => {
    expect(await reconciliationOf(server)).toMatchObject({
      state: 'no_sealed_snapshot',
      balanced: true,
      priceJpyPerXem: null,
      roundingRule: null,
      quantityXem: '0',
      residueJpy: '0',
      trialBalanceJpy: '0',
    });
    await arrangeProgramme(server.database, { quantitiesMicroXem: [2_000_000n, 3_000_000n], fundJpy: 0n });
    const ready = await reconciliationOf(server);
    expect(ready).toMatchObject({
      state: 'claims_not_opened',
      balanced: true,
      priceJpyPerXem: '88.549',
      quantityXem: '5',
      residueJpy: '0',
    });
    expect(ready.claims.find(({ name }) => name === 'not_opened')).toMatchObject({ count: '2', sumJpy: '442.745' });
    await tamper(server.database, `UPDATE rate SET status = 'rejected', effective_at = NULL`);
    expect(await reconciliationOf(server)).toMatchObject({
      state: 'no_effective_rate',
      balanced: true,
      priceJpyPerXem: null,
    });
  });

  it('shows five totals and the fund, and where every claim stands, as computed without the program', async () => {
    await arrangeBooks(server.database, POSITIONS, FUND);
    const view = await reconciliationOf(server);
    const quantity = POSITIONS.reduce((sum, { microXem }) => sum + microXem, 0n);
    const sumOf = (...standings: Standing[]) =>
      POSITIONS.filter(({ standing }) => standings.includes(standing)).reduce(
        (sum, { microXem }) => sum + expectedAmountJpy(microXem),
        0n,
      );
    const total = sumOf(...STANDINGS);
    const [assigned, credited] = [sumOf('approved', 'approved_held', 'credited'), sumOf('credited')];
    expect(failed(view)).toEqual([]);
    expect(view).toMatchObject({
      balanced: true,
      state: 'in_progress',
      residueJpy: exactYen(quantity, total),
      trialBalanceJpy: '0',
      roundingRule: 'half_up',
    });
    expect(view.totals.map(({ name, count, sumJpy }) => [name, count, sumJpy])).toEqual([
      ['snapshot', '8', exactYen(quantity)],
      ['claims', '8', `${total}`],
      ['approved', '4', `${assigned}`],
      ['credited', '2', `${credited}`],
      ['wallets', '8', `${credited}`],
      ['fund', '1', `${FUND - assigned}`],
    ]);
    expect(view.claims.map(({ name, count, sumJpy }) => [name, count, sumJpy])).toEqual([
      ['pending', '1', `${sumOf('pending')}`],
      ['approved', '1', `${sumOf('approved')}`],
      ['credited', '2', `${credited}`],
      ['held', '2', `${sumOf('held', 'approved_held')}`],
      ['rejected', '1', `${sumOf('rejected')}`],
      ['below_one_yen', '1', '0'],
      ['not_opened', '0', '0'],
    ]);
    expect(
      new Set([view.asOf, ...view.totals.map(({ asOf }) => asOf), ...view.claims.map(({ asOf }) => asOf)]).size,
    ).toBe(1);
  });

  it('is settled when every claim is credited, held or closed with a reason', async () => {
    await arrangeBooks(
      server.database,
      POSITIONS.filter(({ standing }) => standing !== 'pending' && standing !== 'approved'),
      FUND,
    );
    expect(await reconciliationOf(server)).toMatchObject({ state: 'settled', balanced: true });
  });

  it('agrees for any claims in any standing, and in Japanese', async () => {
    const position = fc.record({
      microXem: fc.bigInt(6_000n, 5_000_000_000n),
      standing: fc.constantFrom(...STANDINGS.filter((standing) => standing !== 'below_one_yen')),
    });
    const positions =
      fc.sample(fc.array(position, { minLength: 300, maxLength: 300 }), {
        numRuns: 1,
        seed: Number(process.env.SEED ?? 20180126),
      })[0] ?? [];
    await arrangeBooks(server.database, positions, 10n ** 12n);
    const view = await reconciliationOf(server, 'ja');
    expect([failed(view), view.totals[0]?.title]).toEqual([[], '基準残高 × 補償単価']);
    const total = positions.reduce((sum, { microXem }) => sum + expectedAmountJpy(microXem), 0n);
    expect(view.residueJpy).toBe(
      exactYen(
        positions.reduce((sum, { microXem }) => sum + microXem, 0n),
        total,
      ),
    );
  });

  it('asks as many statements for 400 holders as for 4, in one snapshot', async () => {
    await arrangeBooks(server.database, POSITIONS.slice(0, 4), FUND);
    const other = await createTestApp();
    try {
      await arrangeBooks(
        other.database,
        Array.from({ length: 400 }, (_none, index): Position => ({
          microXem: BigInt(index + 1) * 1_000_000n,
          standing: 'pending',
        })),
        FUND,
      );
      await staffToken(other, 'auditor');
      await staffToken(server, 'auditor');
      expect(await countStatements(() => reconciliationOf(other))).toBe(
        await countStatements(() => reconciliationOf(server)),
      );
    } finally {
      await other.close();
    }
  });

  it('is read by finance, auditors, claims officers and team leads', async () => {
    const statusFor = async (role: Parameters<typeof staffToken>[1]) =>
      (await server.call('GET', '/v1/reconciliation', { token: (await staffToken(server, role)).token })).status;
    for (const role of ['team_lead', 'claims_officer', 'finance_maker', 'finance_checker', 'auditor'] as const)
      expect([role, await statusFor(role)]).toEqual([role, 200]);
    for (const role of ['support_agent', 'compliance', 'administrator'] as const)
      expect([role, await statusFor(role)]).toEqual([role, 403]);
    expect((await server.call('GET', '/v1/reconciliation')).status).toBe(401);
  });
});

describe('reconciliation of books that were tampered with', () => {
  let server: TestApp;
  beforeAll(async () => {
    server = await createTestApp();
    await arrangeBooks(server.database, [...POSITIONS, { microXem: 99_000_000n, standing: 'credited' }], FUND);
  });
  afterAll(() => server.close());
  // Each change is taken back at once, so that the next one finds books that agree.
  afterEach(async () => expect(await reconciliationOf(server)).toMatchObject({ balanced: true }));

  it.each<[string, string, string, string[]]>([
    [
      'a claim of another quantity',
      `UPDATE claim SET quantity_xem = quantity_xem + 0.000001 WHERE amount_jpy = 0`,
      `UPDATE claim SET quantity_xem = quantity_xem - 0.000001 WHERE amount_jpy = 0`,
      ['claims_are_the_snapshot'],
    ],
    [
      'a balance whose claim is gone',
      `UPDATE claim SET parent_claim_id = id WHERE status = 'rejected' AND amount_jpy > 0`,
      `UPDATE claim SET parent_claim_id = NULL`,
      ['claims_are_the_snapshot'],
    ],
    [
      'a balance that was excluded afterwards',
      `UPDATE frozen_balance SET excluded_reason = 'other' WHERE quantity_xem < 0.006`,
      `UPDATE frozen_balance SET excluded_reason = NULL`,
      ['claims_are_the_snapshot'],
    ],
    [
      'an approval that nobody decided',
      `UPDATE claim SET status = 'approved' WHERE amount_jpy = 1093`,
      `UPDATE claim SET status = 'pending' WHERE amount_jpy = 1093`,
      ['approvals_are_the_claims', 'approved_account_is_the_claims'],
    ],
    [
      'a credit without its claim',
      `UPDATE claim SET status = 'pending' WHERE amount_jpy = 1`,
      `UPDATE claim SET status = 'credited' WHERE amount_jpy = 1`,
      ['approvals_are_the_claims', 'credits_are_the_claims'],
    ],
    [
      'a credit to another wallet',
      `UPDATE claim SET wallet_account_id = 1 WHERE amount_jpy = 1`,
      `UPDATE claim SET wallet_account_id = (SELECT a.id FROM ledger_account a WHERE a.holder_id = claim.holder_id)`,
      ['credits_are_the_claims'],
    ],
    [
      'a batch that counts wrongly',
      `UPDATE credit_batch SET credited_jpy = credited_jpy - 1, total_jpy = total_jpy - 1, control_total_jpy = control_total_jpy - 1`,
      `UPDATE credit_batch SET credited_jpy = credited_jpy + 1, total_jpy = total_jpy + 1, control_total_jpy = control_total_jpy + 1`,
      ['credits_are_the_batches'],
    ],
    [
      'a wallet with one yen more',
      `UPDATE ledger_account SET balance_jpy = 2 WHERE kind = 'customer_wallet' AND balance_jpy = 1`,
      `UPDATE ledger_account SET balance_jpy = 1 WHERE kind = 'customer_wallet' AND balance_jpy = 2`,
      ['wallets_are_the_credits', 'books_balance'],
    ],
    [
      'a fund with less in it',
      `UPDATE ledger_account SET balance_jpy = balance_jpy - 1 WHERE kind = 'compensation_fund'`,
      `UPDATE ledger_account SET balance_jpy = balance_jpy + 1 WHERE kind = 'compensation_fund'`,
      ['fund_is_its_transfers', 'books_balance'],
    ],
    [
      'a funding that was never posted',
      `UPDATE ledger_funding SET amount_jpy = amount_jpy + 1`,
      `UPDATE ledger_funding SET amount_jpy = amount_jpy - 1`,
      ['fund_is_its_transfers'],
    ],
  ])('finds %s', async (_what, change, undo, checks) => {
    await tamper(server.database, change);
    const view = await reconciliationOf(server);
    expect([view.balanced, failed(view)]).toEqual([false, checks]);
    await tamper(server.database, undo);
  });

  it('finds two wallets that were exchanged although every sum agrees', async () => {
    const shift = (by: number) =>
      tamper(
        server.database,
        `UPDATE ledger_account SET balance_jpy = balance_jpy + CASE WHEN balance_jpy > 100000 THEN ${-by} ELSE ${by} END WHERE kind = 'customer_wallet' AND balance_jpy > 100`,
      );
    await shift(5);
    const view = await reconciliationOf(server);
    expect(view.checks.find(({ name }) => name === 'wallets_are_the_credits')).toMatchObject({
      differenceJpy: '0',
      differingCount: '2',
      balanced: false,
    });
    await shift(-5);
  });
});
