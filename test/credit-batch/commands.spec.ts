import { randomUUID } from 'node:crypto';
import { ApprovalService } from '../../src/approval/approval.service.js';
import {
  COMMANDS,
  CREDIT_BATCH_STATES,
  isPossible,
  type BatchCommand,
  type CreditBatchState,
} from '../../src/credit-batch/credit-batch.state.js';
import { staffToken } from '../harness/staff.js';
import {
  approvedBatch,
  createBatchWorld,
  decide,
  draft,
  execute,
  post,
  quantities,
  show,
  submit,
  type BatchBody,
  type BatchWorld,
} from './batches.js';

describe('what people may ask of a credit batch', () => {
  let world: BatchWorld;
  let customer = 0;
  beforeAll(async () => {
    world = await createBatchWorld(quantities(60));
  });
  afterAll(() => world.server.close());

  const next = () => ({ customerNos: [`C${(customer += 1)}`] });
  const command = (id: string, verb: string, token = world.finance.maker) =>
    post(
      world.server,
      token,
      `/v1/credit-batches/${id}/${verb}`,
      verb === 'submit' ? { controlTotalJpy: '1' } : undefined,
    );
  const count = async (table: string) =>
    Number((await world.server.database.asSuperuser(`SELECT count(*) FROM ${table}`))[0]?.count);
  const drafted = async () => (await draft(world, next())).body;

  async function submitted(): Promise<BatchBody> {
    return (await submit(world, await drafted())).body;
  }
  async function running(): Promise<BatchBody> {
    const batch = await approvedBatch(world, next());
    const stop = new AbortController();
    stop.abort();
    await execute(world, batch.id, stop.signal);
    return batch;
  }
  async function paused(): Promise<BatchBody> {
    return (await command((await running()).id, 'pause')).body;
  }
  async function ended(batch: BatchBody, verb: 'approve' | 'refuse'): Promise<BatchBody> {
    await decide(world, batch.approvalRequest?.id ?? '', verb);
    return batch;
  }
  const arrange: Record<CreditBatchState, () => Promise<BatchBody>> = {
    draft: drafted,
    submitted,
    approved: () => approvedBatch(world, next()),
    executing: running,
    paused,
    completed: async () => {
      const batch = await approvedBatch(world, next());
      await execute(world, batch.id);
      return batch;
    },
    rejected: async () => ended(await submitted(), 'refuse'),
    cancelled: async () => (await command((await drafted()).id, 'cancel')).body,
    stopped: async () => ended((await command((await paused()).id, 'stop')).body, 'approve'),
  };

  it.each(CREDIT_BATCH_STATES)('refuses what is not possible while it is %s, and says what is', async (state) => {
    const { id } = await arrange[state]();
    const before = await show(world, id);
    expect(before.status).toBe(state);
    for (const verb of (Object.keys(COMMANDS) as BatchCommand[]).filter((verb) => !isPossible(verb, state))) {
      const { status, body } = await command(id, verb);
      expect({ verb, status, body }).toMatchObject({
        status: 409,
        body: { code: 'credit_batch_in_other_state', currentStatus: state, possible: before.possible },
      });
    }
    expect(await show(world, id)).toEqual(before);
  });

  it('refuses a control total that differs and says by how much; the draft stays', async () => {
    const batch = await drafted();
    const wrong = await post(world.server, world.finance.maker, `/v1/credit-batches/${batch.id}/submit`, {
      controlTotalJpy: (BigInt(batch.totalJpy) - 7n).toString(),
    });
    expect(wrong).toMatchObject({
      status: 422,
      body: { code: 'control_total_differs', differenceJpy: '-7', totalJpy: batch.totalJpy },
    });
    expect(await show(world, batch.id)).toMatchObject({ status: 'draft', controlTotalJpy: null, itemCount: '1' });
    expect((await submit(world, batch)).body).toMatchObject({
      status: 'submitted',
      controlTotalJpy: batch.totalJpy,
      approvalRequest: { status: 'pending', amountJpy: batch.totalJpy },
    });
  });

  it('does what is asked twice once: submit, approve and execute', async () => {
    const batch = await drafted();
    const headers = { 'idempotency-key': randomUUID() };
    const ask = () =>
      world.server.call<BatchBody>('POST', `/v1/credit-batches/${batch.id}/submit`, {
        token: world.finance.maker,
        body: { controlTotalJpy: batch.totalJpy },
        headers,
      });
    const first = await ask();
    expect((await ask()).body).toEqual(first.body);
    expect((await submit(world, batch)).body).toMatchObject({ code: 'credit_batch_in_other_state' });
    const request = first.body.approvalRequest?.id ?? '';
    expect((await decide(world, request)).body).toMatchObject({ status: 'approved' });
    expect(await decide(world, request)).toMatchObject({ status: 409, body: { code: 'approval_request_closed' } });
    await execute(world, batch.id);
    await execute(world, batch.id);
    expect(await show(world, batch.id)).toMatchObject({ status: 'completed', creditedCount: '1' });
  });

  it('releases the claims of a refused or cancelled batch, and keeps those of one that nobody decided', async () => {
    const filter = next();
    const refused = await submit(world, (await draft(world, filter)).body);
    expect((await draft(world, filter)).body).toMatchObject({ code: 'credit_batch_empty' });
    await decide(world, refused.body.approvalRequest?.id ?? '', 'refuse');
    expect(await show(world, refused.body.id)).toMatchObject({
      status: 'rejected',
      skipped: [{ reason: 'released', count: '1' }],
    });
    const { body: again } = await draft(world, filter);
    const { body: open } = await submit(world, again);
    await world.server.database.asSuperuser(
      `WITH off AS (SELECT set_config('session_replication_role', 'replica', false))
       UPDATE approval_request SET created_at = now() - interval '9 days', expires_at = now() - interval '1 day' FROM off WHERE id = $1`,
      [open.approvalRequest?.id],
    );
    await world.server.app.get(ApprovalService, { strict: false }).expireOverdue();
    expect(await show(world, again.id)).toMatchObject({ status: 'draft', itemCount: '1', contentHash: null });
    expect((await draft(world, filter)).body).toMatchObject({ code: 'credit_batch_empty' });
    const resubmitted = await submit(world, again);
    expect((await decide(world, resubmitted.body.approvalRequest?.id ?? '')).body).toMatchObject({
      status: 'approved',
    });
    await command(again.id, 'cancel');
    expect((await draft(world, filter)).status).toBe(201);
  });

  it('reserves each claim for one of two drafts made at the same time', async () => {
    const filter = { customerNos: Array.from({ length: 10 }, () => next().customerNos[0] ?? '') };
    const answers = await Promise.all([draft(world, filter), draft(world, filter)]);
    const counts = answers.map(({ body }) => Number(body.itemCount ?? 0));
    expect((counts[0] ?? 0) + (counts[1] ?? 0)).toBe(10);
  });

  it.each([
    ['an unknown customer', { filter: { customerNos: ['C1', 'X9'] } }, 422, 'customers_unknown'],
    ['nothing selected', { filter: { minAmountJpy: '900000000000' } }, 422, 'credit_batch_empty'],
    [
      'a posting date that has passed',
      { postingDate: '2018-03-12', notBefore: '2018-03-12T00:00:00+09:00' },
      422,
      'posting_date_passed',
    ],
    [
      'a beginning after the posting date',
      { notBefore: '2099-01-01T00:00:00+09:00' },
      422,
      'begins_after_posting_date',
    ],
    ['a day that does not exist', { postingDate: '2100-02-30' }, 400, 'validation_failed'],
    ['a time without offset', { notBefore: '2018-03-12T00:00:00' }, 400, 'validation_failed'],
    ['an amount that is no decimal string', { filter: { maxAmountJpy: 1000 } }, 400, 'validation_failed'],
    ['an amount with a sign', { filter: { maxAmountJpy: '-1' } }, 400, 'validation_failed'],
    ['an empty list', { filter: { customerNos: [] } }, 400, 'validation_failed'],
    ['a list that repeats itself', { filter: { customerNos: ['C1', 'C1'] } }, 400, 'validation_failed'],
    ['a sample of none', { filter: { sampleSize: 0 } }, 400, 'validation_failed'],
    ['an unknown field', { status: 'approved' }, 400, 'validation_failed'],
    ['an unknown condition', { filter: { status: { not: '' } } }, 400, 'validation_failed'],
    ['a missing filter', { filter: undefined }, 400, 'validation_failed'],
    ['a label with a line break', { label: 'NEM\n補償金' }, 400, 'validation_failed'],
  ])('refuses a draft with %s and leaves nothing behind', async (_what, other, status, code) => {
    const before = [await count('credit_batch'), await count('credit_batch_item'), await count('audit_event')];
    expect(await draft(world, {}, other)).toMatchObject({ status, body: { code } });
    expect([await count('credit_batch'), await count('credit_batch_item'), await count('audit_event')]).toEqual(before);
  });

  it('keeps people away from a list with their own money', async () => {
    const { body: batch } = await draft(world, next());
    const [row] = await world.server.database.asSuperuser(
      `SELECT id FROM staff WHERE id = (SELECT made_by FROM credit_batch WHERE id = $1)`,
      [batch.id],
    );
    await world.server.database.asSuperuser(`UPDATE staff SET customer_no = $2 WHERE id = $1`, [
      row?.id,
      `C${customer}`,
    ]);
    expect(await submit(world, batch)).toMatchObject({ status: 403, body: { code: 'not_about_own_money' } });
    expect((await show(world, batch.id)).status).toBe('draft');
    const preview = await world.server.call<{ claimsOfStaff: object }>(
      'GET',
      `/v1/credit-batches/${batch.id}/preview`,
      { token: world.finance.checker },
    );
    expect(preview.body.claimsOfStaff).toEqual({ count: '1', sumJpy: batch.totalJpy });
    await world.server.database.asSuperuser(`UPDATE staff SET customer_no = NULL WHERE id = $1`, [row?.id]);
  });

  it('answers other roles, unknown batches and missing keys as it should', async () => {
    const batch = await drafted();
    const path = `/v1/credit-batches/${batch.id}`;
    const agent = (await staffToken(world.server, 'support_agent')).token;
    const auditor = (await staffToken(world.server, 'auditor')).token;
    expect((await world.server.call('GET', path, { token: agent })).status).toBe(403);
    expect((await world.server.call('GET', path, { token: auditor })).status).toBe(200);
    expect((await world.server.call('GET', path)).status).toBe(401);
    expect((await post(world.server, auditor, `${path}/pause`)).status).toBe(403);
    expect(
      (await post(world.server, world.finance.checker, `${path}/submit`, { controlTotalJpy: batch.totalJpy })).status,
    ).toBe(403);
    expect(await world.server.call('POST', `${path}/cancel`, { token: world.finance.maker })).toMatchObject({
      status: 400,
      body: { code: 'idempotency_key_required' },
    });
    for (const id of ['999999', '0', 'abc', '1e3', '99999999999999999999']) {
      expect(await world.server.call('GET', `/v1/credit-batches/${id}`, { token: auditor })).toMatchObject({
        status: 404,
        body: { code: 'credit_batch_not_found' },
      });
    }
  });
});
