import { startChild } from '../harness/child-process.js';
import { createTestDatabase, type TestDatabase } from '../harness/database.js';
import { arrangeBooks, tamper } from './books.js';

describe('npm run reconcile', () => {
  let database: TestDatabase;
  beforeEach(async () => {
    database = await createTestDatabase();
  });
  afterEach(() => database.drop());

  const run = async (): Promise<{ code: unknown; output: string }> => {
    const child = startChild('dist/reconciliation/reconcile.cli.js', [], {
      DATABASE_URL: database.appUrl,
      TOKEN_SECRET: 'a secret that only tests know, 123456',
    });
    return { code: await child.ended, output: child.output() };
  };

  it('prints the totals and ends with 0 when everything agrees, also before there is anything', async () => {
    expect(await run()).toMatchObject({ code: 0, output: expect.stringContaining('no_sealed_snapshot') });
    await arrangeBooks(
      database,
      [
        { microXem: 1_000_000_000_000n, standing: 'credited' },
        { microXem: 5_000n, standing: 'below_one_yen' },
      ],
      10n ** 9n,
    );
    const { code, output } = await run();
    expect(code).toBe(0);
    expect(output).toMatch(/Sealed quantity × price\s+│\s+2 │\s+88,549,000\.442745/);
    expect(output).toMatch(/Customer wallets\s+│\s+2 │\s+88,549,000 │/);
    expect(output).toContain('settled; 1,000,000.005 XEM at 88.549 JPY, residue 0.442745 JPY');
    expect(output).toContain('Everything agrees.');
  });

  it('names the difference and ends with 1 when one yen is missing', async () => {
    await arrangeBooks(database, [{ microXem: 1_000_000_000_000n, standing: 'credited' }], 10n ** 9n);
    await tamper(database, `UPDATE ledger_account SET balance_jpy = balance_jpy - 1 WHERE kind = 'compensation_fund'`);
    const { code, output } = await run();
    expect(code).toBe(1);
    expect(output).toMatch(
      /Compensation fund = fundings − approvals \+ withdrawals\s+│\s+911,450,999 │\s+911,451,000 │\s+-1 │\s+0 │ DIFFERS/,
    );
  });
});
