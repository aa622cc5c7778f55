import fc from 'fast-check';
import { Ledger } from '../../src/ledger/ledger.js';
import type { AccountPage, TransferPage, TrialBalanceView } from '../../src/ledger/ledger.dto.js';
import { FundShort } from '../../src/ledger/ledger.errors.js';
import { Database } from '../../src/platform/database/database.js';
import { Prisma } from '../../src/platform/database/prisma.js';
import { Metrics } from '../../src/platform/observability/metrics.js';
import { createTestApp, type TestApp } from '../harness/app.js';
import { staffToken } from '../harness/staff.js';
import { fund } from './fundings.js';

describe('the books', () => {
  let server: TestApp;
  let ledger: Ledger;
  let database: Database;
  let token: string;

  beforeAll(async () => {
    server = await createTestApp();
    ledger = server.app.get(Ledger, { strict: false });
    database = server.app.get(Database);
    token = (await staffToken(server, 'auditor')).token;
    await fund(server, '90000000');
    await server.database.asSuperuser(
      `INSERT INTO holder (customer_no, kind, country, language, account_status, identity_status)
       SELECT 'C' || n, 'individual', 'JP', 'ja', 'open', 'none' FROM generate_series(1, 7) AS n`,
    );
  });
  afterAll(() => server.close());

  const get = async <B>(url: string, headers = {}): Promise<B> =>
    (await server.call<B>('GET', url, { token, headers })).body;
  const move = (kind: 'approval' | 'approval_withdrawal', amountJpy: bigint) =>
    database.transaction((tx) =>
      ledger.postTransfer(tx, { kind, amountJpy, referenceId: 1n, postingDate: '2018-03-12', label: 'test' }),
    );
  const programme = () => database.consistentRead((tx) => ledger.programmeBalances(tx));

  it('says how much is missing when the fund is short, and does nothing', async () => {
    const before = await programme();
    const refused = await move('approval', before.compensationFundJpy + 5n).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(FundShort);
    expect((refused as FundShort).problem).toMatchObject({
      status: 409,
      code: 'fund_short',
      extra: {
        fundJpy: `${before.compensationFundJpy}`,
        neededJpy: `${before.compensationFundJpy + 5n}`,
        missingJpy: '5',
      },
    });
    expect(await programme()).toEqual(before);
  });

  it('lets two approvals at once have the fund one after the other', async () => {
    const before = await programme();
    const most = (before.compensationFundJpy * 2n) / 3n;
    const [one, other] = await Promise.allSettled([move('approval', most), move('approval', most)]);
    const refused = [one, other].find((result) => result?.status === 'rejected');
    expect([one?.status, other?.status].sort()).toEqual(['fulfilled', 'rejected']);
    expect((refused as PromiseRejectedResult).reason).toBeInstanceOf(FundShort);
    await move('approval_withdrawal', most);
    expect(await programme()).toEqual(before);
  });

  it('balances after any sequence of transfers, accepted or not', async () => {
    const step = fc.tuple(
      fc.constantFrom('approval' as const, 'approval_withdrawal' as const),
      fc.bigInt(1n, 60_000_000n),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 8 }), async (steps) => {
        let { compensationFundJpy: expected } = await programme();
        const total = expected + (await programme()).approvedUncreditedJpy;
        for (const [kind, amountJpy] of steps) {
          const done = await move(kind, amountJpy).then(
            () => true,
            () => false,
          );
          const possible = kind === 'approval' ? amountJpy <= expected : amountJpy <= total - expected;
          if (done !== possible) return false;
          if (done) expected += kind === 'approval' ? -amountJpy : amountJpy;
        }
        const after = await programme();
        const books = await get<TrialBalanceView>('/v1/ledger/trial-balance');
        return after.compensationFundJpy === expected && books.balanced && books.totalJpy === '0';
      }),
      { numRuns: 15 },
    );
  });

  it('shows debits, credits and balance by kind, and that they agree with what is kept', async () => {
    const { compensationFundJpy, approvedUncreditedJpy } = await programme();
    const books = await get<TrialBalanceView>('/v1/ledger/trial-balance');
    expect(books).toMatchObject({ totalJpy: '0', balanced: true });
    expect(
      books.lines.map(({ kind, balanceJpy, keptBalanceJpy, differenceJpy }) => ({
        kind,
        balanceJpy,
        keptBalanceJpy,
        differenceJpy,
      })),
    ).toEqual([
      { kind: 'own_funds', balanceJpy: '-90000000', keptBalanceJpy: '-90000000', differenceJpy: '0' },
      {
        kind: 'compensation_fund',
        balanceJpy: `${compensationFundJpy}`,
        keptBalanceJpy: `${compensationFundJpy}`,
        differenceJpy: '0',
      },
      {
        kind: 'approved_uncredited',
        balanceJpy: `${approvedUncreditedJpy}`,
        keptBalanceJpy: `${approvedUncreditedJpy}`,
        differenceJpy: '0',
      },
      ...(books.lines.length === 4 ? [expect.objectContaining({ kind: 'customer_wallet', balanceJpy: '0' })] : []),
    ]);
    expect(Math.abs(Date.parse(books.asOf) - Date.now())).toBeLessThan(60_000);
  });

  it('finds balances that were changed behind its back, also when they make up for each other', async () => {
    const shift = (by: number) =>
      server.database.asSuperuser(
        `UPDATE ledger_account SET balance_jpy = balance_jpy + CASE kind WHEN 'compensation_fund' THEN $1::bigint ELSE -$1::bigint END
        WHERE kind IN ('compensation_fund', 'approved_uncredited')`,
        [by],
      );
    await move('approval', 1_000n);
    await shift(7);
    const books = await get<TrialBalanceView>('/v1/ledger/trial-balance');
    expect(books).toMatchObject({ totalJpy: '0', balanced: false });
    expect(books.lines.slice(1, 3)).toEqual([
      expect.objectContaining({ kind: 'compensation_fund', differenceJpy: '7', differingAccounts: '1' }),
      expect.objectContaining({ kind: 'approved_uncredited', differenceJpy: '-7', differingAccounts: '1' }),
    ]);
    await shift(-7);
    expect(await get<TrialBalanceView>('/v1/ledger/trial-balance')).toMatchObject({ balanced: true });
  });

  it('opens one wallet per holder, also when two ask at once, and again without effect', async () => {
    const open = () =>
      database.transaction((tx) =>
        ledger.openWallets(tx, Prisma.sql`SELECT id FROM holder WHERE customer_no LIKE 'C%'`),
      );
    const [one, other] = await Promise.all([open(), open()]);
    expect(one + other).toBe(7n);
    expect(await open()).toBe(0n);
  });

  it('shows accounts by kind in the caller’s language, and wallets page by page when asked for', async () => {
    const japanese = await get<AccountPage>('/v1/ledger/accounts', { 'accept-language': 'ja' });
    expect(japanese.items[0]).toMatchObject({
      kind: 'own_funds',
      title: '自己資金',
      accountCount: '1',
      balanceJpy: '-90000000',
      shownJpy: '90000000',
    });
    const totals = await get<AccountPage>('/v1/ledger/accounts', { 'accept-language': 'en' });
    expect(totals.items.map(({ kind, accountCount, title }) => [kind, accountCount, title])).toEqual([
      ['own_funds', '1', 'Own funds contributed'],
      ['compensation_fund', '1', 'Compensation fund'],
      ['approved_uncredited', '1', 'Approved, uncredited'],
      ['customer_wallet', '7', 'Customer wallets'],
    ]);
    const wallets: string[] = [];
    for (let url: string | null = '/v1/ledger/accounts?kind=customer_wallet&limit=3'; url !== null;) {
      const page: AccountPage = await get<AccountPage>(url);
      wallets.push(...page.items.map(({ holderId }) => holderId ?? ''));
      url =
        page.nextCursor === null ? null : `/v1/ledger/accounts?kind=customer_wallet&limit=3&cursor=${page.nextCursor}`;
    }
    expect([wallets.length, new Set(wallets).size]).toEqual([7, 7]);
  });

  it('lists transfers newest first, by kind, reference and posting date', async () => {
    const all = await get<TransferPage>('/v1/ledger/transfers?limit=100');
    const ids = all.items.map(({ id }) => BigInt(id));
    expect(ids).toEqual([...ids].sort((a, b) => (a < b ? 1 : -1)));
    const fundings = await get<TransferPage>('/v1/ledger/transfers?kind=funding&postingDate=2018-03-12');
    expect(fundings.items).toEqual([
      expect.objectContaining({ kind: 'funding', amountJpy: '90000000', postingDate: '2018-03-12' }),
    ]);
    expect(await get<TransferPage>('/v1/ledger/transfers?kind=funding&postingDate=2018-03-13')).toEqual({
      items: [],
      nextCursor: null,
    });
    expect((await get<TransferPage>('/v1/ledger/transfers?kind=approval&referenceId=1')).items.length).toBeGreaterThan(
      0,
    );
  });

  it.each([
    'transfers?referenceId=1',
    'transfers?kind=gift',
    'transfers?kind=credit&referenceId=x',
    'transfers?postingDate=2018-02-29',
    'transfers?postingDate=0000-01-01',
    'transfers?limit=0',
    'transfers?limit=101',
    'transfers?cursor=x',
    'accounts?kind=gift',
    'accounts?kind=customer_wallet&cursor=x',
    'fundings?cursor=x',
    'fundings?status=effective',
    'transfers?kind=credit&kind=funding',
  ])('refuses GET %s', async (query) => {
    expect((await server.call('GET', `/v1/ledger/${query}`, { token })).status).toBe(400);
  });

  it('is read by finance and auditors; claims officers see what is in the fund', async () => {
    const allowed = async (role: 'support_agent' | 'claims_officer' | 'finance_checker') => {
      const { token: theirs } = await staffToken(server, role);
      const statuses = await Promise.all(
        ['accounts', 'transfers', 'trial-balance', 'fundings'].map(
          async (path) => (await server.call('GET', `/v1/ledger/${path}`, { token: theirs })).status,
        ),
      );
      return statuses.join(' ');
    };
    expect(await allowed('support_agent')).toBe('403 403 403 403');
    expect(await allowed('claims_officer')).toBe('200 403 403 403');
    expect(await allowed('finance_checker')).toBe('200 200 200 200');
  });

  it('tells Prometheus the balances', async () => {
    const text = await server.app.get(Metrics).registry.getSingleMetricAsString('henkin_ledger_balance_jpy');
    expect(text).toContain('henkin_ledger_balance_jpy{account="own_funds"} -90000000');
  });
});
