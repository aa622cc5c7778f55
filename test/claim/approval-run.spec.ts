import { createTestApp, type TestApp } from '../harness/app.js';
import { arrangeProgramme, expectedAmountJpy } from '../harness/programme.js';
import { staffToken } from '../harness/staff.js';
import { claimNoOf, decide, officers, post, type Officers, type RequestBody } from './claims.js';

const FUND_JPY = 50_000_000_000n;
/** From dust that rounds to nothing up to a large balance; the seventh rounds half up. */
const QUANTITIES = [1n, 5_646n, 5_647n, 1_000_000n, 12_345_678n, 999_999_999_999n, 1_500_000n, 2_000_000_000_000n];

describe('opening claims and deciding them in a run', () => {
  let server: TestApp;
  let people: Officers;
  const amounts = QUANTITIES.map(expectedAmountJpy);
  const total = amounts.reduce((sum, amount) => sum + amount, 0n);

  beforeAll(async () => {
    server = await createTestApp();
    people = await officers(server);
  });
  afterAll(() => server.close());

  const balances = async () =>
    Object.fromEntries(
      (
        await server.database.asSuperuser<{ kind: string; jpy: string }>(
          'SELECT kind, sum(balance_jpy)::text AS jpy FROM ledger_account GROUP BY kind',
        )
      ).map((row) => [row.kind, row.jpy]),
    );

  it('opens nothing before there is a sealed snapshot', async () => {
    const answer = await post<{ code: string }>(server, people.maker, '/v1/claims/open');
    expect([answer.status, answer.body.code]).toEqual([409, 'claims_cannot_open']);
  });

  it('opens one claim per balance, each rounded once, and none when asked again', async () => {
    await arrangeProgramme(server.database, { quantitiesMicroXem: QUANTITIES, fundJpy: FUND_JPY, closed: ['C4'] });
    const opened = await post(server, people.maker, '/v1/claims/open');
    expect(opened).toMatchObject({
      status: 200,
      body: { count: '8', totalJpy: total.toString(), quantityXem: '3000014.856971', heldNoWallet: '1' },
    });
    const rows = await server.database.asSuperuser<{ amount_jpy: string }>('SELECT amount_jpy FROM claim ORDER BY id');
    expect(rows.map((row) => BigInt(row.amount_jpy))).toEqual(amounts);
    expect(await post(server, people.maker, '/v1/claims/open')).toMatchObject({
      status: 200,
      body: { count: '0', totalJpy: '0' },
    });
  });

  it('says in a dry run what would happen, and changes nothing', async () => {
    const { body } = await post<{ id: null; preview: Record<string, unknown> }>(
      server,
      people.maker,
      '/v1/approval-runs',
      { filter: {}, dryRun: true, reasonCode: 'balance_confirmed' },
    );
    expect(body.preview).toMatchObject({
      payable: { count: '5', sumJpy: (total - (amounts[3] ?? 0n)).toString() },
      belowOneYen: { count: '2', sumJpy: '0' },
      excluded: { under_review: { count: '1' }, not_pending: { count: '0' } },
    });
    expect(await server.database.asSuperuser('SELECT FROM approval_run')).toEqual([]);
  });

  it('approves exactly what was proposed, with two checkers, less what was held meanwhile', async () => {
    const run = await post<{ id: string; approvalRequest: RequestBody }>(server, people.maker, '/v1/approval-runs', {
      filter: {},
      dryRun: false,
      reasonCode: 'balance_confirmed',
    });
    expect(run).toMatchObject({ status: 200, body: { approvalRequest: { requiredCheckers: 2, status: 'pending' } } });
    const requestId = run.body.approvalRequest.id;
    expect(await decide(server, people.maker, requestId)).toMatchObject({
      status: 403,
      body: { code: 'maker_cannot_check' },
    });

    const held = await claimNoOf(server, 'C7');
    const agent = (await staffToken(server, 'support_agent')).token;
    const hold = { visibility: 'open', reasonCode: 'name_mismatch', reasonText: 'differs' };
    expect(await post(server, agent, `/v1/claims/${held}/holds`, hold)).toMatchObject({
      status: 200,
      body: { claim: { underReview: true } },
    });
    // Released after the request: it was not among the claims that were proposed, so it must not slip in.
    const late = await claimNoOf(server, 'C4');
    expect(
      await post(server, people.checker, `/v1/claims/${late}/holds`, { releaseReason: 'account reopened' }, 'DELETE'),
    ).toMatchObject({ status: 200, body: { claim: { underReview: false } } });

    expect(await decide(server, people.checker, requestId)).toMatchObject({ status: 200, body: { status: 'pending' } });
    const done = await decide(server, people.secondChecker, requestId);
    const approved = total - (amounts[3] ?? 0n) - (amounts[6] ?? 0n);
    expect(done).toMatchObject({
      status: 200,
      body: {
        status: 'approved',
        outcome: {
          approvedCount: '4',
          approvedJpy: approved.toString(),
          belowOneYenCount: '2',
          skipped: [{ reason: 'under_review', count: '1', sumJpy: (amounts[6] ?? 0n).toString() }],
        },
      },
    });
    expect(await balances()).toEqual({
      own_funds: (-FUND_JPY).toString(),
      compensation_fund: (FUND_JPY - approved).toString(),
      approved_uncredited: approved.toString(),
      customer_wallet: '0',
    });
    const states = await server.database.asSuperuser<{ status: string }>('SELECT status FROM claim ORDER BY id');
    expect(states.map((row) => row.status)).toEqual([
      'rejected',
      'rejected',
      'approved',
      'pending',
      'approved',
      'approved',
      'pending',
      'approved',
    ]);
    const events = await server.database.asSuperuser(
      `SELECT row_count, sum_jpy FROM audit_event WHERE action = 'approval_run.effective'`,
    );
    expect(events).toEqual([{ row_count: '6', sum_jpy: approved.toString() }]);
  });

  it('refuses a second decision on the same request', async () => {
    const [request] = await server.database.asSuperuser<{ id: string }>(
      `SELECT id FROM approval_request WHERE subject_type = 'approval_run'`,
    );
    expect(await decide(server, people.secondChecker, request?.id ?? '')).toMatchObject({
      status: 409,
      body: { code: 'approval_request_closed' },
    });
  });

  it('approves nothing when the fund is short', async () => {
    await server.database.asSuperuser(`UPDATE ledger_account SET balance_jpy = 1 WHERE kind = 'compensation_fund'`);
    const run = await post<{ approvalRequest: RequestBody }>(server, people.maker, '/v1/approval-runs', {
      filter: { customerNos: ['C4'] },
      dryRun: false,
      reasonCode: 'balance_confirmed',
    });
    // One small claim, but the maker has asked for more than 100,000,000 JPY today: splitting does not help.
    expect(run.body.approvalRequest.requiredCheckers).toBe(2);
    await decide(server, people.checker, run.body.approvalRequest.id);
    const answer = await decide(server, people.secondChecker, run.body.approvalRequest.id);
    expect(answer).toMatchObject({ status: 409, body: { code: 'fund_short' } });
    const [row] = await server.database.asSuperuser<{ status: string }>(
      `SELECT status FROM claim c JOIN holder h ON h.id = c.holder_id WHERE h.customer_no = 'C4'`,
    );
    expect(row?.status).toBe('pending');
  });
});
