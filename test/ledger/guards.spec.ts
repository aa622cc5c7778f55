import { randomUUID } from 'node:crypto';
import { FUNDING_TRANSITIONS } from '../../src/ledger/funding.state.js';
import { createTestDatabase, type TestDatabase } from '../harness/database.js';

/** Everything here goes around the application: plain SQL in its role, unless it says superuser. */
describe('what the database says about the ledger', () => {
  let database: TestDatabase;
  let maker: string;
  let checker: string;
  let wallet: string;

  beforeAll(async () => {
    database = await createTestDatabase();
    const people = await database.asSuperuser<{ id: string }>(
      `INSERT INTO staff (login, display_name, role) VALUES ('maker', 'Maker', 'finance_maker'), ('checker', 'Checker', 'finance_checker') RETURNING id`,
    );
    [maker, checker] = [people[0]?.id ?? '', people[1]?.id ?? ''];
    const [holder] = await database.asSuperuser<{ id: string }>(
      `INSERT INTO holder (customer_no, kind, country, language, account_status, identity_status)
       VALUES ('C1', 'individual', 'JP', 'ja', 'open', 'none') RETURNING id`,
    );
    const [account] = await database.asApp<{ id: string }>(
      `INSERT INTO ledger_account (kind, holder_id) VALUES ('customer_wallet', $1) RETURNING id`,
      [holder?.id],
    );
    wallet = account?.id ?? '';
  });
  afterAll(() => database.drop());

  const OWN = `(SELECT id FROM ledger_account WHERE kind = 'own_funds')`;
  const FUND = `(SELECT id FROM ledger_account WHERE kind = 'compensation_fund')`;
  const APPROVED = `(SELECT id FROM ledger_account WHERE kind = 'approved_uncredited')`;

  const transfer = (kind: string, from: string, to: string, amount: string, reference = '1', date = '2018-03-12') =>
    database.asApp<{ id: string }>(
      `INSERT INTO ledger_transfer (kind, debit_account_id, credit_account_id, amount_jpy, reference_id, posting_date, label)
       VALUES ($1::transfer_kind, ${from}, ${to}, $2, $3, $4, 'test') RETURNING id`,
      [kind, amount, reference, date],
    );

  const propose = async (
    amount = '1000',
    changes: { reference?: string; date?: string; account?: string } = {},
  ): Promise<string> => {
    const [row] = await database.asApp<{ id: string }>(
      `INSERT INTO ledger_funding (amount_jpy, bank_reference, value_date, segregated_account, made_by) VALUES ($1, $2, $3, $4, $5) RETURNING id`,
      [amount, changes.reference ?? randomUUID(), changes.date ?? '2018-03-12', changes.account ?? 'Segregated', maker],
    );
    return row?.id ?? '';
  };

  const approve = async (fundingId: string, hash?: string): Promise<void> => {
    const [request] = await database.asApp<{ id: string }>(
      `INSERT INTO approval_request (subject_type, subject_id, content_hash, required_checkers, maker_id, expires_at)
       SELECT 'funding', f.id::text, coalesce($2, funding_content_hash(f)), 1, $3, now() + interval '1 day' FROM ledger_funding f WHERE id = $1 RETURNING id`,
      [fundingId, hash ?? null, maker],
    );
    await database.asApp(
      `INSERT INTO approval_decision (request_id, maker_id, checker_id, decision) VALUES ($1, $2, $3, 'approve')`,
      [request?.id, maker, checker],
    );
    await database.asApp(`UPDATE approval_request SET status = 'approved', closed_at = now() WHERE id = $1`, [
      request?.id,
    ]);
  };

  const post = (fundingId: string, amount = '1000', date = '2018-03-12') =>
    database.asApp(
      `WITH effective AS (UPDATE ledger_funding SET status = 'effective' WHERE id = $1 RETURNING id)
       INSERT INTO ledger_transfer (kind, debit_account_id, credit_account_id, amount_jpy, reference_id, posting_date, label)
       SELECT 'funding', ${OWN}, ${FUND}, $2, id, $3, 'test' FROM effective`,
      [fundingId, amount, date],
    );

  const books = async (): Promise<string> => {
    const [row] = await database.asSuperuser<{ books: string }>(
      `SELECT (SELECT string_agg(id || ':' || balance_jpy, ' ' ORDER BY id) FROM ledger_account) || ' / ' || (SELECT count(*) FROM ledger_transfer) AS books`,
    );
    return row?.books ?? '';
  };

  it('posts a funding only as two people agreed to it, once, and never without its new state', async () => {
    const approved = await propose();
    const before = await books();
    await expect(post(approved)).rejects.toMatchObject({ constraint: 'ledger_funding_needs_approval' });
    await approve(approved);
    await expect(post(approved, '1001')).rejects.toMatchObject({ constraint: 'ledger_transfer_funding_approved' });
    await expect(post(approved, '1000', '2018-03-13')).rejects.toMatchObject({
      constraint: 'ledger_transfer_funding_approved',
    });
    await expect(transfer('funding', OWN, FUND, '1000', approved)).rejects.toMatchObject({
      constraint: 'ledger_transfer_funding_approved',
    });
    await expect(
      database.asApp(`UPDATE ledger_funding SET status = 'effective' WHERE id = $1`, [approved]),
    ).rejects.toMatchObject({ constraint: 'ledger_funding_effective_is_posted' });
    expect(await books()).toBe(before);
    await post(approved);
    await expect(post(approved)).rejects.toMatchObject({ constraint: 'ledger_funding_state' });
    await expect(transfer('funding', OWN, FUND, '1000', approved)).rejects.toMatchObject({
      constraint: 'ledger_transfer_one_per_funding',
    });
  });

  it('takes no approval of something else', async () => {
    const other = await propose();
    await approve(other, 'a'.repeat(64));
    await expect(post(other)).rejects.toMatchObject({ constraint: 'ledger_funding_needs_approval' });
  });

  it('never rewrites or removes what was proposed', async () => {
    const id = await propose();
    await expect(database.asApp('UPDATE ledger_funding SET amount_jpy = 1 WHERE id = $1', [id])).rejects.toMatchObject({
      code: '42501',
    });
    await expect(
      database.asSuperuser('UPDATE ledger_funding SET amount_jpy = 1 WHERE id = $1', [id]),
    ).rejects.toMatchObject({ constraint: 'ledger_funding_never_rewritten' });
    await expect(database.asApp('DELETE FROM ledger_funding')).rejects.toMatchObject({ code: '42501' });
    await expect(database.asSuperuser('DELETE FROM ledger_funding')).rejects.toMatchObject({
      constraint: 'ledger_funding_append_only',
    });
  });

  it('moves a funding exactly along the edges of its table', async () => {
    const states = Object.keys(FUNDING_TRANSITIONS) as (keyof typeof FUNDING_TRANSITIONS)[];
    const id = await propose();
    for (const from of states) {
      for (const to of states) {
        await database.asSuperuser(
          `WITH off AS (SELECT set_config('session_replication_role', 'replica', false))
           UPDATE ledger_funding SET status = $2::funding_status FROM off WHERE id = $1`,
          [id, from],
        );
        const outcome = await database
          .asApp('UPDATE ledger_funding SET status = $2::funding_status WHERE id = $1', [id, to])
          .then(
            () => 'moved',
            (error: { constraint?: string }) => error.constraint,
          );
        const allowed = (FUNDING_TRANSITIONS[from] as readonly string[]).includes(to);
        // Becoming effective needs more than the right state before it.
        const expected = allowed
          ? to === 'effective'
            ? 'ledger_funding_needs_approval'
            : 'moved'
          : 'ledger_funding_state';
        expect([from, to, outcome]).toEqual([from, to, expected]);
      }
    }
  });

  it('takes no funding without amount, reference, account or cash, and no reference twice', async () => {
    await expect(propose('0')).rejects.toMatchObject({ constraint: 'ledger_funding_amount_range' });
    await expect(propose('-1')).rejects.toMatchObject({ constraint: 'ledger_funding_amount_range' });
    await expect(propose('1000000000000000')).rejects.toMatchObject({ constraint: 'ledger_funding_amount_range' });
    await expect(propose('1', { reference: ' x' })).rejects.toMatchObject({
      constraint: 'ledger_funding_bank_reference_text',
    });
    await expect(propose('1', { account: '' })).rejects.toMatchObject({
      constraint: 'ledger_funding_segregated_account_text',
    });
    await expect(propose('1', { date: '2099-01-01' })).rejects.toMatchObject({
      constraint: 'ledger_funding_cash_has_moved',
    });
    const first = await propose('1', { reference: 'Tokyo-1' });
    await expect(propose('1', { reference: 'ＴＯＫＹＯ-1' })).rejects.toMatchObject({
      constraint: 'ledger_funding_bank_reference_once',
    });
    await database.asApp(`UPDATE ledger_funding SET status = 'lapsed' WHERE id = $1`, [first]);
    await propose('1', { reference: 'tokyo-1' });
    await expect(
      database.asApp(`UPDATE ledger_funding SET status = 'proposed' WHERE id = $1`, [first]),
    ).rejects.toMatchObject({ constraint: 'ledger_funding_bank_reference_once' });
    await expect(
      database.asApp(
        `INSERT INTO ledger_funding (amount_jpy, bank_reference, value_date, segregated_account, made_by, status) VALUES (1, 'x', '2018-03-12', 'x', $1, 'effective')`,
        [maker],
      ),
    ).rejects.toMatchObject({ code: '42501' });
  });

  it('lets money flow only where its kind leads', async () => {
    // With money everywhere, so that nothing but the direction is wrong.
    await transfer('approval', FUND, APPROVED, '100');
    const before = await books();
    const wrong: [string, string, string][] = [
      ['approval', OWN, APPROVED],
      ['approval', APPROVED, FUND],
      ['approval', FUND, wallet],
      ['approval', FUND, '999999999'],
      ['approval_withdrawal', FUND, APPROVED],
      ['approval_withdrawal', wallet, FUND],
      ['credit', FUND, wallet],
      ['credit', wallet, APPROVED],
      ['credit', APPROVED, FUND],
    ];
    for (const [kind, from, to] of wrong) {
      // Which guard speaks first is their own affair; for a credit the batch's may.
      const constraint =
        kind === 'credit'
          ? expect.stringMatching(/^(ledger_transfer_direction|credit_belongs_to_executing_batch)$/)
          : 'ledger_transfer_direction';
      await expect(transfer(kind, from, to, '1')).rejects.toMatchObject({ code: 'HK001', constraint });
    }
    await expect(transfer('approval', FUND, FUND, '1')).rejects.toMatchObject({
      constraint: 'ledger_transfer_between_two_accounts',
    });
    expect(await books()).toBe(before);
  });

  it('posts all transfers of a statement, each where its kind leads, or none', async () => {
    const several = (...rows: [kind: string, from: string, to: string, amount: number][]) =>
      database.asApp(
        `INSERT INTO ledger_transfer (kind, debit_account_id, credit_account_id, amount_jpy, reference_id, posting_date, label) VALUES
         ${rows.map(([kind, from, to, amount]) => `('${kind}', ${from}, ${to}, ${amount}, 1, '2018-03-12', 'test')`).join(', ')}`,
      );
    const balance = async (account: string) =>
      BigInt(
        (
          await database.asApp<{ jpy: string }>(`SELECT balance_jpy AS jpy FROM ledger_account WHERE id = ${account}`)
        )[0]?.jpy ?? '',
      );
    const before = await books();
    for (const [kind, from, to] of [
      ['approval', FUND, '999999999'],
      ['approval', OWN, APPROVED],
      ['approval_withdrawal', FUND, APPROVED],
    ] as const) {
      await expect(
        several(['approval', FUND, APPROVED, 1], [kind, from, to, 1], ['approval_withdrawal', APPROVED, FUND, 1]),
      ).rejects.toMatchObject({ code: 'HK001', constraint: 'ledger_transfer_direction' });
    }
    expect(await books()).toBe(before);
    // What is given in a statement may be what the same statement brought.
    const [fund, approved] = [await balance(FUND), await balance(APPROVED)];
    const all = Number(fund);
    await several(['approval_withdrawal', APPROVED, FUND, 40], ['approval', FUND, APPROVED, all + 40]);
    expect([await balance(FUND), await balance(APPROVED)]).toEqual([0n, approved + fund]);
    await several(['approval_withdrawal', APPROVED, FUND, all - 1], ['approval_withdrawal', APPROVED, FUND, 1]);
    expect([await balance(FUND), await balance(APPROVED)]).toEqual([fund, approved]);
  });

  it('[20] lets no account but own funds go below zero', async () => {
    const [fund] = await database.asApp<{ balance: string }>(
      `SELECT balance_jpy AS balance FROM ledger_account WHERE id = ${FUND}`,
    );
    const tooMuch = (BigInt(fund?.balance ?? 0) + 1n).toString();
    await expect(transfer('approval', FUND, APPROVED, tooMuch)).rejects.toMatchObject({
      constraint: 'ledger_account_never_below_zero',
    });
    await expect(transfer('approval_withdrawal', APPROVED, FUND, '101')).rejects.toMatchObject({
      constraint: 'ledger_account_never_below_zero',
    });
  });

  it('[19] takes only positive amounts, with a label and a date', async () => {
    await expect(transfer('approval', FUND, APPROVED, '0')).rejects.toMatchObject({
      constraint: 'ledger_transfer_amount_positive',
    });
    await expect(transfer('approval', FUND, APPROVED, '-1')).rejects.toMatchObject({
      constraint: 'ledger_transfer_amount_positive',
    });
    await expect(
      database.asApp(
        `INSERT INTO ledger_transfer (kind, debit_account_id, credit_account_id, amount_jpy, reference_id, posting_date, label) VALUES ('approval', ${FUND}, ${APPROVED}, 1, 1, '2018-03-12', '')`,
      ),
    ).rejects.toMatchObject({ constraint: 'ledger_transfer_label_length' });
  });

  it('[17] keeps balances, transfers and accounts out of the application’s hands', async () => {
    for (const statement of [
      'UPDATE ledger_account SET balance_jpy = 1',
      'DELETE FROM ledger_account',
      'TRUNCATE ledger_account',
      `INSERT INTO ledger_account (kind, holder_id, balance_jpy) VALUES ('customer_wallet', 1, 5)`,
      'UPDATE ledger_transfer SET amount_jpy = 1',
      'DELETE FROM ledger_transfer',
      'TRUNCATE ledger_transfer',
      `INSERT INTO ledger_transfer (kind, debit_account_id, credit_account_id, amount_jpy, reference_id, posting_date, label, created_at)
       VALUES ('approval', ${FUND}, ${APPROVED}, 1, 1, '2018-03-12', 'x', '2018-01-01')`,
    ]) {
      await expect(database.asApp(statement)).rejects.toMatchObject({ code: '42501' });
    }
    await expect(
      database.asApp('ALTER TABLE ledger_transfer DISABLE TRIGGER ledger_transfer_post'),
    ).rejects.toMatchObject({ code: '42501' });
    for (const statement of ['UPDATE ledger_transfer SET amount_jpy = 1', 'DELETE FROM ledger_transfer']) {
      await expect(database.asSuperuser(statement)).rejects.toMatchObject({
        constraint: 'ledger_transfer_append_only',
      });
    }
    await expect(database.asSuperuser('DELETE FROM ledger_account')).rejects.toMatchObject({
      constraint: 'ledger_account_append_only',
    });
  });

  it('opens no wallet for nobody, and makes no account another one', async () => {
    const before = await books();
    for (const holders of [
      'VALUES (999999999)',
      'SELECT id FROM holder WHERE id < 0 UNION SELECT 999999999 UNION SELECT 0',
    ]) {
      await expect(
        database.asApp(
          `INSERT INTO ledger_account (kind, holder_id) SELECT 'customer_wallet', wanted FROM (${holders}) AS holders (wanted)`,
        ),
      ).rejects.toMatchObject({ code: 'HK001', constraint: 'ledger_account_holder' });
    }
    for (const change of ['holder_id = 999999999', `kind = 'own_funds'`, 'id = DEFAULT']) {
      await expect(
        database.asSuperuser(`UPDATE ledger_account SET ${change} WHERE id = ${wallet}`),
      ).rejects.toMatchObject({
        constraint: 'ledger_account_append_only',
      });
    }
    await expect(database.asSuperuser('DELETE FROM holder')).rejects.toMatchObject({ code: 'HK001' });
    expect(await books()).toBe(before);
  });

  it('has one account of each programme kind and one wallet per holder', async () => {
    await expect(database.asApp(`INSERT INTO ledger_account (kind) VALUES ('own_funds')`)).rejects.toMatchObject({
      constraint: 'ledger_account_one_of_each_programme_kind',
    });
    await expect(database.asApp(`INSERT INTO ledger_account (kind) VALUES ('customer_wallet')`)).rejects.toMatchObject({
      constraint: 'ledger_account_wallets_have_holders',
    });
    await expect(
      database.asApp(`INSERT INTO ledger_account (kind, holder_id) SELECT 'compensation_fund', id FROM holder`),
    ).rejects.toMatchObject({ constraint: 'ledger_account_wallets_have_holders' });
    await expect(
      database.asApp(`INSERT INTO ledger_account (kind, holder_id) SELECT 'customer_wallet', id FROM holder`),
    ).rejects.toMatchObject({ constraint: 'ledger_account_one_wallet_per_holder' });
  });
});
