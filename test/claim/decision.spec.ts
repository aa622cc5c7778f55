import { createTestApp, type TestApp } from '../harness/app.js';
import { arrangeProgramme } from '../harness/programme.js';
import { createStaff, staffToken } from '../harness/staff.js';
import { claimNoOf, decide, officers, post, type Officers, type RequestBody } from './claims.js';

interface Change {
  readonly claim: {
    readonly status: string;
    readonly underReview: boolean;
    readonly decisions: readonly { readonly decision: string }[];
  };
  readonly approvalRequest: RequestBody | null;
  readonly code: string;
}

describe('deciding one claim', () => {
  let server: TestApp;
  let people: Officers;
  const claims: string[] = [];

  beforeAll(async () => {
    server = await createTestApp();
    people = await officers(server);
    await arrangeProgramme(server.database, {
      quantitiesMicroXem: [1_000_000n, 20_000_000_000n, 1n, ...Array.from({ length: 7 }, () => 5_000_000n)],
      fundJpy: 10_000_000n,
    });
    await post(server, people.maker, '/v1/claims/open');
    for (let n = 1; n <= 10; n += 1) claims.push(await claimNoOf(server, `C${n}`));
  });
  afterAll(() => server.close());

  const judge = (token: string, claimNo: string | undefined, decision: string) =>
    post<Change>(server, token, `/v1/claims/${claimNo}/decisions`, { decision, reasonCode: 'balance_confirmed' });
  const fund = async () =>
    (
      await server.database.asSuperuser<{ jpy: string }>(
        `SELECT balance_jpy::text AS jpy FROM ledger_account WHERE kind = 'compensation_fund'`,
      )
    )[0]?.jpy;

  it('is done by one person up to a million yen, and moves the money with it', async () => {
    expect(await judge(people.maker, claims[0], 'approve')).toMatchObject({
      status: 200,
      body: { claim: { status: 'approved' }, approvalRequest: null },
    });
    expect(await fund()).toBe('9999911');
    expect(await judge(people.maker, claims[0], 'approve')).toMatchObject({
      status: 409,
      body: { code: 'claim_state_conflict', currentStatus: 'approved', possible: ['credited', 'pending'] },
    });
    expect(await judge(people.maker, claims[0], 'withdraw')).toMatchObject({
      status: 200,
      body: { claim: { status: 'pending' } },
    });
    expect(await fund()).toBe('10000000');
  });

  it('takes two people above a million yen, and nothing changes before the second', async () => {
    const asked = await judge(people.maker, claims[1], 'approve');
    expect(asked).toMatchObject({
      status: 200,
      body: { claim: { status: 'pending' }, approvalRequest: { status: 'pending' } },
    });
    expect(await judge(people.checker, claims[1], 'reject')).toMatchObject({
      status: 409,
      body: { code: 'claim_already_proposed' },
    });
    expect(await decide(server, people.checker, asked.body.approvalRequest?.id ?? '')).toMatchObject({
      status: 200,
      body: { status: 'approved' },
    });
    expect(await server.call('GET', `/v1/claims/${claims[1]}`, { token: people.maker })).toMatchObject({
      body: { status: 'approved', amountJpy: '1770980' },
    });
  });

  it('is void when the claim was held in the meantime, and the reopening of a rejected claim takes two', async () => {
    expect(await judge(people.maker, claims[3], 'reject')).toMatchObject({
      status: 200,
      body: { claim: { status: 'rejected' } },
    });
    const reopening = await judge(people.maker, claims[3], 'reopen');
    expect(reopening.body).toMatchObject({ claim: { status: 'rejected' }, approvalRequest: { status: 'pending' } });
    await decide(server, people.checker, reopening.body.approvalRequest?.id ?? '');
    expect(await server.call('GET', `/v1/claims/${claims[3]}`, { token: people.maker })).toMatchObject({
      body: { status: 'pending' },
    });
  });

  it('refuses dust, unknown fields, mistyped numbers and the wrong role', async () => {
    expect(await judge(people.maker, claims[2], 'approve')).toMatchObject({
      status: 409,
      body: { code: 'claim_below_one_yen' },
    });
    expect(await judge(people.maker, '123456789012', 'approve')).toMatchObject({
      status: 400,
      body: { code: 'claim_no_mistyped' },
    });
    expect(
      await post(server, people.maker, `/v1/claims/${claims[4]}/decisions`, {
        decision: 'approve',
        reasonCode: 'x',
        amountJpy: '1',
      }),
    ).toMatchObject({ status: 400 });
    expect(await judge((await staffToken(server, 'support_agent')).token, claims[4], 'approve')).toMatchObject({
      status: 403,
    });
    expect(
      await server.call('POST', `/v1/claims/${claims[4]}/decisions`, {
        token: people.maker,
        body: { decision: 'approve', reasonCode: 'x' },
      }),
    ).toMatchObject({ status: 400, body: { code: 'idempotency_key_required' } });
  });

  it('keeps people away from their own claim', async () => {
    const own = await createStaff(server, 'claims_officer', { customerNo: 'C5' });
    expect(await judge(own.token, claims[4], 'approve')).toMatchObject({
      status: 403,
      body: { code: 'not_about_own_money' },
    });
    expect(
      await post(server, own.token, `/v1/claims/${claims[4]}/holds`, {
        visibility: 'open',
        reasonCode: 'other',
        reasonText: 'x',
      }),
    ).toMatchObject({ status: 403 });
    const named = await post(server, own.token, '/v1/approval-runs', {
      filter: { customerNos: ['C5', 'C6'] },
      dryRun: false,
      reasonCode: 'balance_confirmed',
    });
    expect(named).toMatchObject({ status: 403, body: { code: 'not_about_own_money' } });
  });

  it('[trap 4] has one effect when thirty people try at once', async () => {
    const tries = await Promise.all(Array.from({ length: 30 }, () => judge(people.maker, claims[5], 'approve')));
    expect(tries.filter((answer) => answer.status === 200)).toHaveLength(1);
    expect(
      await server.database.asSuperuser(
        `SELECT FROM ledger_transfer WHERE reference_id = (SELECT id FROM claim WHERE claim_no = $1)`,
        [claims[5]],
      ),
    ).toHaveLength(1);
  });

  it('takes confidential holds by two of compliance, and betrays them to nobody else', async () => {
    const [compliance, second] = [await staffToken(server, 'compliance'), await createStaff(server, 'compliance')];
    const secret = {
      visibility: 'confidential',
      reasonCode: 'sanctions',
      reasonText: 'list',
      authority: 'MOF',
      caseNumber: '1',
    };
    expect(await post(server, people.maker, `/v1/claims/${claims[6]}/holds`, secret)).toMatchObject({ status: 403 });
    const asked = await post<Change>(server, compliance.token, `/v1/claims/${claims[6]}/holds`, secret);
    expect(asked.body).toMatchObject({ claim: { underReview: false }, approvalRequest: { status: 'pending' } });
    const requestId = asked.body.approvalRequest?.id ?? '';
    const { token: auditor } = await staffToken(server, 'auditor');
    for (const token of [people.maker, auditor]) {
      expect(await server.call('GET', `/v1/approval-requests/${requestId}`, { token })).toMatchObject({ status: 404 });
      expect(JSON.stringify((await server.call('GET', '/v1/approval-requests', { token })).body)).not.toContain(
        requestId,
      );
    }
    await decide(server, second.token, requestId);
    const trail = (path: string, token: string) => server.call<{ items: unknown[] }>('GET', path, { token });
    expect((await trail('/v1/audit/events/confidential', compliance.token)).body.items).toHaveLength(3);
    for (const filter of [
      `actorId=${compliance.staffId}&subjectType=claim`,
      'subjectType=hold_placement',
      `subjectId=${claims[6]}&action=hold.placed`,
    ]) {
      expect((await trail(`/v1/audit/events?${filter}`, auditor)).body.items).toEqual([]);
    }
    await post(server, people.checker, `/v1/claims/${claims[7]}/holds`, {
      visibility: 'open',
      reasonCode: 'other',
      reasonText: 'x',
    });

    const seen = async (claimNo: string | undefined) => {
      const { body } = await server.call<Record<string, unknown>>('GET', `/v1/claims/${claimNo}`, {
        token: people.checker,
      });
      return { ...body, claimNo: '', customerNo: '' };
    };
    expect(await seen(claims[6])).toEqual(await seen(claims[7]));
    // Whoever placed the open one after it was met cannot release it alone, and the confidential one answers just the same.
    await post(server, people.maker, '/v1/approval-runs', {
      filter: { minAmountJpy: '1' },
      dryRun: false,
      reasonCode: 'balance_confirmed',
    });
    const [confidential, open] = await Promise.all(
      [claims[6], claims[7]].map((claimNo) =>
        post<object>(server, people.checker, `/v1/claims/${claimNo}/holds`, { releaseReason: 'x' }, 'DELETE'),
      ),
    );
    expect(
      [confidential?.status, confidential?.body].map((part) => JSON.stringify(part).replace(/"requestId":"[^"]*"/, '')),
    ).toEqual([open?.status, open?.body].map((part) => JSON.stringify(part).replace(/"requestId":"[^"]*"/, '')));
    expect(confidential).toMatchObject({ status: 409, body: { code: 'no_hold_to_release' } });
    expect(
      await post(server, people.maker, `/v1/claims/${claims[7]}/holds`, { releaseReason: 'clear' }, 'DELETE'),
    ).toMatchObject({ status: 200, body: { claim: { underReview: false } } });
  });
});
