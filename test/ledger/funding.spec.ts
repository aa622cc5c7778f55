import type { ApprovalRequestDetailView } from '../../src/approval/approval.dto.js';
import { ApprovalService } from '../../src/approval/approval.service.js';
import { createTestApp, type TestApp } from '../harness/app.js';
import { createStaff, staffToken } from '../harness/staff.js';
import { decide, fund, funding, newKey, propose } from './fundings.js';

describe('funding the compensation fund', () => {
  let server: TestApp;
  beforeAll(async () => {
    server = await createTestApp();
  });
  afterAll(() => server.close());

  const balances = async (): Promise<Record<string, string>> => {
    const { token } = await staffToken(server, 'auditor');
    const { body } = await server.call<{ items: { kind: string; balanceJpy: string; shownJpy: string }[] }>(
      'GET',
      '/v1/ledger/accounts',
      { token },
    );
    return Object.fromEntries(body.items.map((item) => [item.kind, item.balanceJpy]));
  };
  const countRows = async (): Promise<string> => {
    const [row] = await server.database.asSuperuser<{ rows: string }>(
      `SELECT (SELECT count(*) FROM ledger_funding) || ' fundings, ' || (SELECT count(*) FROM ledger_transfer) || ' transfers, '
        || (SELECT count(*) FROM approval_request) || ' requests, ' || (SELECT count(*) FROM idempotency_key) || ' keys' AS rows`,
    );
    return row?.rows ?? '';
  };

  it('counts nothing until another person approves, and then posts it once on its value date', async () => {
    const before = await balances();
    const { status, body } = await propose(
      server,
      funding({ amountJpy: '2000000', bankReference: 'REF 001', valueDate: '2018-03-09' }),
    );
    expect(status).toBe(201);
    expect(body).toMatchObject({
      status: 'proposed',
      amountJpy: '2000000',
      bankReference: 'REF 001',
      valueDate: '2018-03-09',
    });
    expect(body.approvalRequest).toMatchObject({
      subjectType: 'funding',
      subjectId: body.id,
      amountJpy: '2000000',
      requiredCheckers: 1,
      status: 'pending',
    });
    expect(await balances()).toEqual(before);

    const { token } = await staffToken(server, 'finance_checker');
    const seen = await server.call<ApprovalRequestDetailView>(
      'GET',
      `/v1/approval-requests/${body.approvalRequest.id}`,
      { token },
    );
    const fundNow = BigInt(before.compensation_fund ?? '');
    expect(seen.body).toMatchObject({
      contentUnchanged: true,
      preview: {
        funding: { bankReference: 'REF 001' },
        compensationFundJpy: `${fundNow}`,
        compensationFundAfterJpy: `${fundNow + 2_000_000n}`,
      },
    });

    const decided = await decide(server, body.approvalRequest.id);
    expect(decided.body).toMatchObject({
      status: 'approved',
      outcome: { status: 'effective', compensationFundJpy: `${fundNow + 2_000_000n}` },
    });
    const transfers = await server.call<{ items: object[] }>(
      'GET',
      `/v1/ledger/transfers?kind=funding&referenceId=${body.id}`,
      { token },
    );
    expect(transfers.body.items).toEqual([
      expect.objectContaining({ amountJpy: '2000000', postingDate: '2018-03-09', label: 'REF 001' }),
    ]);
    expect(BigInt((await balances()).own_funds ?? '')).toBe(BigInt(before.own_funds ?? '') - 2_000_000n);

    const again = await decide(
      server,
      body.approvalRequest.id,
      'approve',
      (await createStaff(server, 'finance_checker')).token,
    );
    expect(again).toMatchObject({ status: 409, body: { code: 'approval_request_closed' } });
    expect(BigInt((await balances()).compensation_fund ?? '')).toBe(fundNow + 2_000_000n);
  });

  it('needs two checkers as soon as the day of one maker exceeds 100,000,000 JPY', async () => {
    const { token: makerToken } = await createStaff(server, 'finance_maker');
    const ask = async (amountJpy: string) =>
      server.call<{ approvalRequest: { requiredCheckers: number } }>('POST', '/v1/ledger/fundings', {
        token: makerToken,
        body: funding({ amountJpy }),
        headers: newKey(),
      });
    expect((await ask('60000000')).body.approvalRequest.requiredCheckers).toBe(1);
    expect((await ask('60000000')).body.approvalRequest.requiredCheckers).toBe(2);
  });

  it('answers a repeated request with the first answer, and refuses its key for another one', async () => {
    const body = funding();
    const headers = newKey();
    const first = await propose(server, body, headers);
    const before = await countRows();
    expect((await propose(server, body, headers)).body).toEqual(first.body);
    expect(await propose(server, funding(), headers)).toMatchObject({
      status: 422,
      body: { code: 'idempotency_key_reused' },
    });
    expect(await propose(server, funding(), {})).toMatchObject({
      status: 400,
      body: { code: 'idempotency_key_required' },
    });
    expect(await countRows()).toBe(before);
  });

  it.each([
    ['no bank reference', { bankReference: undefined }, 'bankReference'],
    ['a blank bank reference', { bankReference: ' ' }, 'bankReference'],
    ['a bank reference over two lines', { bankReference: 'AB\nCD' }, 'bankReference'],
    ['no value date', { valueDate: undefined }, 'valueDate'],
    ['a day that is not in the calendar', { valueDate: '2018-02-29' }, 'valueDate'],
    ['the year 0', { valueDate: '0000-01-01' }, 'valueDate'],
    ['a time instead of a day', { valueDate: '2018-03-12T00:00:00+09:00' }, 'valueDate'],
    ['no account', { segregatedAccount: undefined }, 'segregatedAccount'],
    ['an empty account', { segregatedAccount: '' }, 'segregatedAccount'],
    ['no amount', { amountJpy: undefined }, 'amountJpy'],
    ['an amount of 0', { amountJpy: '0' }, 'amountJpy'],
    ['a negative amount', { amountJpy: '-1' }, 'amountJpy'],
    ['half a yen', { amountJpy: '1.5' }, 'amountJpy'],
    ['an exponent', { amountJpy: '1e6' }, 'amountJpy'],
    ['NaN', { amountJpy: 'NaN' }, 'amountJpy'],
    ['a number instead of text', { amountJpy: 1_000_000 }, 'amountJpy'],
    ['30 digits', { amountJpy: '1'.repeat(30) }, 'amountJpy'],
    ['full-width digits', { amountJpy: '１０００' }, 'amountJpy'],
    ['a list for a scalar', { amountJpy: ['1'] }, 'amountJpy'],
    ['an unknown field', { status: 'effective' }, 'status'],
  ])('refuses %s and leaves nothing behind', async (_what, changes, path) => {
    const before = await countRows();
    const { status, body } = await propose(server, funding(changes));
    expect({ status, code: body.code, paths: body.errors?.map((error) => error.path) }).toEqual({
      status: 400,
      code: 'validation_failed',
      paths: expect.arrayContaining([path]),
    });
    expect(await countRows()).toBe(before);
  });

  it('refuses cash that has not moved yet', async () => {
    const before = await countRows();
    expect(await propose(server, funding({ valueDate: '2099-01-01' }))).toMatchObject({
      status: 400,
      body: { code: 'value_date_in_future' },
    });
    expect(await countRows()).toBe(before);
  });

  it('counts a bank reference once, whatever its letter case and width, also in parallel', async () => {
    const first = await propose(server, funding({ bankReference: 'Tokyo-77' }));
    const before = await countRows();
    for (const bankReference of ['Tokyo-77', 'TOKYO-77', 'ｔｏｋｙｏ-77']) {
      expect(await propose(server, funding({ bankReference }))).toMatchObject({
        status: 409,
        body: { code: 'bank_reference_used', fundingId: first.body.id },
      });
    }
    expect(await countRows()).toBe(before);
    const parallel = await Promise.all(
      Array.from({ length: 8 }, () => propose(server, funding({ bankReference: 'Osaka-1' }))),
    );
    expect(parallel.map(({ status }) => status).sort()).toEqual([201, ...Array.from({ length: 7 }, () => 409)]);
  });

  it('gives a refused bank reference back', async () => {
    const refused = await propose(server, funding({ bankReference: 'Nagoya-1' }));
    expect((await decide(server, refused.body.approvalRequest.id, 'refuse')).body.status).toBe('refused');
    const { token } = await staffToken(server, 'finance_maker');
    expect(
      await server.call('POST', `/v1/ledger/fundings/${refused.body.id}/submit`, { token, headers: newKey() }),
    ).toMatchObject({ status: 409, body: { code: 'funding_not_lapsed' } });
    expect((await propose(server, funding({ bankReference: 'Nagoya-1' }))).status).toBe(201);
  });

  it('is asked for again in one step by its maker after it lapsed', async () => {
    const { body } = await propose(server, funding({ bankReference: 'Kyoto-1' }));
    await expireEverything(server);
    const { token } = await staffToken(server, 'finance_maker');
    const submit = (id: string, by = token) =>
      server.call<{ code?: string; approvalRequest?: { id: string } }>('POST', `/v1/ledger/fundings/${id}/submit`, {
        token: by,
        headers: newKey(),
      });

    expect(await submit(body.id, (await createStaff(server, 'finance_maker')).token)).toMatchObject({
      status: 403,
      body: { code: 'funding_of_another_maker' },
    });
    expect(await submit('999999')).toMatchObject({ status: 404, body: { code: 'funding_not_found' } });
    expect(await submit('x')).toMatchObject({ status: 400, body: { code: 'validation_failed' } });
    const again = await submit(body.id);
    expect(again).toMatchObject({ status: 200, body: { id: body.id, status: 'proposed', bankReference: 'Kyoto-1' } });
    expect((await decide(server, body.approvalRequest.id)).body.code).toBe('approval_request_closed');
    expect((await decide(server, again.body.approvalRequest?.id ?? '')).body.status).toBe('approved');
  });

  it('lists fundings page by page and records who did what', async () => {
    await fund(server, '5');
    const { token } = await staffToken(server, 'auditor');
    const page = await server.call<{ items: { id: string }[]; nextCursor: string }>(
      'GET',
      '/v1/ledger/fundings?limit=1',
      { token },
    );
    const next = await server.call<{ items: { id: string }[] }>(
      'GET',
      `/v1/ledger/fundings?limit=1&cursor=${page.body.nextCursor}`,
      { token },
    );
    expect(BigInt(next.body.items[0]?.id ?? 0)).toBe(BigInt(page.body.items[0]?.id ?? 0) - 1n);
    const events = await server.call<{ items: { action: string }[] }>(
      'GET',
      `/v1/audit/events?subjectType=funding&subjectId=${page.body.items[0]?.id}`,
      { token },
    );
    expect(events.body.items.map(({ action }) => action)).toEqual([
      'funding.effective',
      'approval.approved',
      'approval.requested',
      'funding.proposed',
    ]);
  });

  it.each([
    'support_agent',
    'team_lead',
    'claims_officer',
    'compliance',
    'finance_checker',
    'auditor',
    'administrator',
  ] as const)('is not proposed by the role %s', async (role) => {
    const { token } = await staffToken(server, role);
    expect(
      (await server.call('POST', '/v1/ledger/fundings', { token, body: funding(), headers: newKey() })).status,
    ).toBe(403);
  });
});

/** Lets the time of all open requests run out: the application looks with a later clock, the database is told by its owner. */
async function expireEverything(server: TestApp): Promise<void> {
  await server.database.asSuperuser(`ALTER TABLE approval_request DISABLE TRIGGER USER`);
  await server.database.asSuperuser(
    `UPDATE approval_request SET created_at = now() - interval '9 days', expires_at = now() - interval '1 minute' WHERE status = 'pending'`,
  );
  await server.database.asSuperuser(`ALTER TABLE approval_request ENABLE TRIGGER USER`);
  await server.app.get(ApprovalService, { strict: false }).expireOverdue();
}
