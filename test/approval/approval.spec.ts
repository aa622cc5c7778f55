import { randomUUID } from 'node:crypto';
import { ApprovalService } from '../../src/approval/approval.service.js';
import { claimNoOf, decide, officers, post, type Officers, type RequestBody } from '../claim/claims.js';
import { createTestApp, type TestApp } from '../harness/app.js';
import { arrangeProgramme } from '../harness/programme.js';
import { staffToken } from '../harness/staff.js';

interface Proposed {
  readonly approvalRequest: RequestBody;
}

/** Asked about large claims, which is one of the subjects; the mechanism is the same for all. */
describe('approval requests', () => {
  let server: TestApp;
  let people: Officers;
  let next = 0;

  beforeAll(async () => {
    server = await createTestApp();
    people = await officers(server);
    await arrangeProgramme(server.database, {
      quantitiesMicroXem: Array.from({ length: 8 }, () => 20_000_000_000n),
      fundJpy: 10n ** 12n,
    });
    await post(server, people.maker, '/v1/claims/open');
  });
  afterAll(() => server.close());

  /** A request about the next claim. */
  async function ask(): Promise<{ requestId: string; claimNo: string }> {
    next += 1;
    const claimNo = await claimNoOf(server, `C${next}`);
    const { body } = await post<Proposed>(server, people.maker, `/v1/claims/${claimNo}/decisions`, {
      decision: 'approve',
      reasonCode: 'balance_confirmed',
    });
    return { requestId: body.approvalRequest.id, claimNo };
  }
  const claim = (claimNo: string) =>
    server.call<{ status: string }>('GET', `/v1/claims/${claimNo}`, { token: people.maker });

  it('shows the checker what will happen, and only people who take part and auditors', async () => {
    const { requestId, claimNo } = await ask();
    const url = `/v1/approval-requests/${requestId}`;
    expect(await server.call('GET', url, { token: people.checker })).toMatchObject({
      status: 200,
      body: {
        status: 'pending',
        amountJpy: '1770980',
        contentUnchanged: true,
        preview: { decision: 'approve', claim: { claimNo, amountJpy: '1770980' } },
      },
    });
    expect((await server.call('GET', url, { token: (await staffToken(server, 'auditor')).token })).status).toBe(200);
    expect((await server.call('GET', url, { token: (await staffToken(server, 'finance_checker')).token })).status).toBe(
      404,
    );
    expect((await server.call('GET', url, { token: (await staffToken(server, 'administrator')).token })).status).toBe(
      404,
    );
    const list = await server.call<{ items: { id: string }[] }>('GET', '/v1/approval-requests?status=pending', {
      token: people.checker,
    });
    expect(list.body.items.map((item) => item.id)).toContain(requestId);
  });

  it('are refused with a reason, and then closed', async () => {
    const { requestId, claimNo } = await ask();
    expect(await decide(server, people.checker, requestId, 'refuse')).toMatchObject({
      status: 400,
      body: { code: 'refusal_needs_reason' },
    });
    expect(await decide(server, people.checker, requestId, 'refuse', 'wrong person')).toMatchObject({
      status: 200,
      body: { status: 'refused' },
    });
    expect(await decide(server, people.secondChecker, requestId)).toMatchObject({
      status: 409,
      body: { code: 'approval_request_closed', currentStatus: 'refused' },
    });
    expect(await claim(claimNo)).toMatchObject({ body: { status: 'pending' } });
    // The maker may ask again.
    expect(
      (
        await post<Proposed>(server, people.maker, `/v1/claims/${claimNo}/decisions`, {
          decision: 'approve',
          reasonCode: 'balance_confirmed',
        })
      ).status,
    ).toBe(200);
  });

  it('take effect once when thirty checkers decide at once', async () => {
    const { requestId, claimNo } = await ask();
    const answers = await Promise.all(
      Array.from({ length: 30 }, (_, n) => decide(server, n % 2 ? people.checker : people.secondChecker, requestId)),
    );
    expect(answers.filter((answer) => answer.status === 200)).toHaveLength(1);
    expect(await claim(claimNo)).toMatchObject({ body: { status: 'approved' } });
    const transfers = await server.database.asSuperuser(
      `SELECT FROM ledger_transfer t JOIN claim c ON c.id = t.reference_id WHERE c.claim_no = $1`,
      [claimNo],
    );
    expect(transfers).toHaveLength(1);
  });

  it('replay the first answer for the same key and refuse the key for another decision', async () => {
    const { requestId } = await ask();
    const url = `/v1/approval-requests/${requestId}/decisions`;
    const headers = { 'idempotency-key': randomUUID() };
    const first = await server.call('POST', url, { token: people.checker, headers, body: { decision: 'approve' } });
    const again = await server.call('POST', url, { token: people.checker, headers, body: { decision: 'approve' } });
    expect(again).toMatchObject({ status: first.status, body: first.body as object });
    expect(
      await server.call('POST', url, { token: people.checker, headers, body: { decision: 'refuse', reason: 'x' } }),
    ).toMatchObject({ status: 422, body: { code: 'idempotency_key_reused' } });
  });

  it('become void when the claim has changed since they were made', async () => {
    const { requestId, claimNo } = await ask();
    // Another person's hold does not change what was agreed to; a new state of the claim does.
    await server.database.asSuperuser(
      `WITH off AS (SELECT set_config('session_replication_role', 'replica', false)) UPDATE claim SET version = version + 1 FROM off WHERE claim_no = $1`,
      [claimNo],
    );
    expect(await decide(server, people.checker, requestId)).toMatchObject({
      status: 409,
      body: { code: 'approval_voided' },
    });
    expect(await server.call('GET', `/v1/approval-requests/${requestId}`, { token: people.maker })).toMatchObject({
      body: { status: 'voided' },
    });
    expect(await claim(claimNo)).toMatchObject({ body: { status: 'pending' } });
  });

  it('expire after three business days, undecided and without effect', async () => {
    const { requestId, claimNo } = await ask();
    await server.database.asSuperuser(
      `WITH off AS (SELECT set_config('session_replication_role', 'replica', false))
       UPDATE approval_request SET created_at = now() - interval '9 days', expires_at = now() - interval '1 minute' FROM off WHERE id = $1`,
      [requestId],
    );
    expect(await decide(server, people.checker, requestId)).toMatchObject({
      status: 409,
      body: { code: 'approval_request_expired' },
    });
    await server.app.get(ApprovalService).expireOverdue();
    expect(await server.call('GET', `/v1/approval-requests/${requestId}`, { token: people.maker })).toMatchObject({
      body: { status: 'expired' },
    });
    expect(
      (
        await post<Proposed>(server, people.maker, `/v1/claims/${claimNo}/decisions`, {
          decision: 'approve',
          reasonCode: 'balance_confirmed',
        })
      ).body.approvalRequest.status,
    ).toBe('pending');
  });
});
