import { randomUUID } from 'node:crypto';
import { HeldClaims } from '../../src/contact/held-claims.js';
import type { ObjectionView } from '../../src/contact/objection.dto.js';
import { claimNoOf, post } from '../claim/claims.js';
import { approvedBatch, createBatchWorld, execute, quantities, type BatchWorld } from '../credit-batch/batches.js';
import { customerToken } from '../harness/customer.js';
import { createStaff, staffToken } from '../harness/staff.js';

interface Body extends ObjectionView {
  readonly code: string;
  readonly messageNo: string;
  readonly text: { ja: string } | string;
  readonly extra?: object;
}

describe('what customers say', () => {
  let world: BatchWorld;
  let agent: string;
  let officer: string;
  beforeAll(async () => {
    world = await createBatchWorld(quantities(12));
    agent = (await staffToken(world.server, 'support_agent')).token;
    officer = (await staffToken(world.server, 'claims_officer')).token;
  });
  afterAll(() => world.server.close());

  const ask = (token: string, url: string, body?: object) => post<Body>(world.server, token, url, body);
  const get = (token: string, url: string) => world.server.call<Body>('GET', url, { token });
  const items = (kind: string) =>
    world.server.database.asSuperuser<{ customer_no: string; subject_id: string; status: string }>(
      `SELECT h.customer_no, w.subject_id, w.status::text FROM work_item w JOIN holder h ON h.id = w.holder_id
       WHERE w.kind = $1::work_item_kind ORDER BY w.id`,
      [kind],
    );
  const guardOf = (sql: string, params: unknown[]) =>
    world.server.database.asApp(sql, params).then(
      () => 'done',
      (error: { constraint?: string; code?: string }) => error.constraint ?? error.code,
    );

  describe('in their own words', () => {
    it('becomes one item of work, however often it is sent, and promises no answer', async () => {
      const token = await customerToken(world.server, 'C1');
      const headers = { 'idempotency-key': randomUUID() };
      const write = () =>
        world.server.call<Body>('POST', '/v1/me/messages', {
          token,
          body: { text: 'いつ出金できますか。\n<b>急ぎ</b>' },
          headers,
        });
      const [first, again] = [await write(), await write()];
      expect(first.status).toBe(201);
      expect(again.body).toEqual(first.body);
      expect(JSON.stringify(first.body)).not.toMatch(/回答|答え|answer|営業日|business day/i);
      expect(await items('customer_message')).toEqual([
        { customer_no: 'C1', subject_id: first.body.messageNo, status: 'open' },
      ]);
      expect((await get(agent, `/v1/customer-messages/${first.body.messageNo}`)).body).toMatchObject({
        customerNo: 'C1',
        text: 'いつ出金できますか。\n<b>急ぎ</b>',
      });
      const own = await createStaff(world.server, 'support_agent');
      await world.server.database.asSuperuser(`UPDATE staff SET customer_no = 'C1' WHERE id = $1`, [own.staffId]);
      for (const id of [first.body.messageNo, '999999', 'x'])
        expect(await get(own.token, `/v1/customer-messages/${id}`)).toMatchObject({
          status: 404,
          body: { code: 'customer_message_not_found' },
        });
      const trail = await world.server.database.asSuperuser<{ line: string }>(
        `SELECT to_jsonb(e)::text AS line FROM audit_event e WHERE action LIKE 'customer_message.%'`,
      );
      expect(trail).toHaveLength(1);
      expect(trail[0]?.line).not.toContain('急ぎ');
    });

    it.each<[string, unknown, string?]>([
      ['nothing', ''],
      ['only spaces', ' \n\t '],
      ['2,001 characters', 'あ'.repeat(2001)],
      ['a control character', 'a\u0007b'],
      ['an escape', 'a\u001b[31m'],
      ['a right-to-left override', 'a\u202ebc'],
      ['an isolate', 'a\u2067bc'],
      ['a list', ['a']],
      ['half a character', 'a\ud842b', 'half_character'],
    ])('is refused with %s', async (_name, text, code = 'validation_failed') => {
      const token = await customerToken(world.server, 'C2');
      expect(await ask(token, '/v1/me/messages', { text })).toMatchObject({
        status: 400,
        body: { code },
      });
      expect((await items('customer_message')).filter(({ customer_no }) => customer_no === 'C2')).toEqual([]);
    });

    it('is taken five times in 24 hours, also in parallel', async () => {
      const token = await customerToken(world.server, 'C3');
      const answers = await Promise.all(
        [1, 2, 3, 4, 5, 6, 7].map((n) => ask(token, '/v1/me/messages', { text: `message ${n}` })),
      );
      expect(answers.map(({ status }) => status).toSorted()).toEqual([201, 201, 201, 201, 201, 429, 429]);
      const sql = `INSERT INTO customer_message (holder_id, text) SELECT id, $2 FROM holder WHERE customer_no = $1`;
      expect(await guardOf(sql, ['C3', 'x'])).toBe('customer_message_daily_cap');
      expect(await guardOf(sql, ['C4', 'a\u202eb'])).toBe('customer_message_is_plain');
      expect(await guardOf(`UPDATE customer_message SET text = $1`, ['x'])).toBe('42501');
    });
  });

  describe('as an objection', () => {
    const wrong = {
      claimedQuantityXem: '1500.250000',
      reason: '買付分が含まれていないとのお申し出。',
      dueOn: '2018-03-26',
    };

    it('has number, quantity with its yen, day and outcome, is work for a claims officer, and holds nothing', async () => {
      const recorded = await ask(agent, '/v1/holders/C5/objections', wrong);
      expect(recorded).toMatchObject({
        status: 201,
        body: { customerNo: 'C5', claimedQuantityXem: '1500.250000', claimedAmountJpy: '132846', outcome: null },
      });
      const no = recorded.body.objectionNo;
      expect(await ask(agent, '/v1/holders/C5/objections', wrong)).toMatchObject({
        status: 409,
        body: { code: 'objection_already_open', objectionNo: no },
      });
      expect(await items('objection')).toEqual([{ customer_no: 'C5', subject_id: no, status: 'open' }]);

      const batch = await approvedBatch(world, { customerNos: ['C5'] });
      await execute(world, batch.id);
      expect((await get(officer, `/v1/claims/${await claimNoOf(world.server, 'C5')}`)).body).toMatchObject({
        status: 'credited',
      });

      const outcome = { outcome: 'not_upheld', outcomeText: '約定は基準日時の後。' };
      expect((await ask(agent, `/v1/objections/${no}/outcome`, outcome)).status).toBe(403);
      const closed = await ask(officer, `/v1/objections/${no}/outcome`, outcome);
      expect(closed).toMatchObject({ status: 200, body: { ...outcome, closedBy: 'Test claims_officer' } });
      expect(await ask(officer, `/v1/objections/${no}/outcome`, outcome)).toMatchObject({
        status: 409,
        body: { code: 'objection_closed' },
      });
      expect(await items('objection')).toMatchObject([{ status: 'done' }]);
      const shown = await get(agent, '/v1/holders/C5');
      expect(shown.body).toMatchObject({ objections: [closed.body] });
    });

    it('is not closed by whoever took it down, nor handled by the holder or a relative', async () => {
      const { body } = await ask(officer, '/v1/holders/C6/objections', { ...wrong, dueOn: undefined });
      expect(body.dueOn > new Date().toISOString().slice(0, 10)).toBe(true);
      const outcome = { outcome: 'upheld', outcomeText: 'right' };
      expect(await ask(officer, `/v1/objections/${body.objectionNo}/outcome`, outcome)).toMatchObject({
        status: 403,
        body: { code: 'objection_of_own_hand' },
      });
      const own = await createStaff(world.server, 'claims_officer');
      await world.server.database.asSuperuser(`UPDATE staff SET customer_no = 'C6' WHERE id = $1`, [own.staffId]);
      expect((await ask(own.token, '/v1/holders/C6/objections', wrong)).body.code).toBe('holder_not_found');
      expect((await get(own.token, `/v1/objections/${body.objectionNo}`)).body.code).toBe('objection_not_found');
      expect((await ask(own.token, `/v1/objections/${body.objectionNo}/outcome`, outcome)).body.code).toBe(
        'objection_not_found',
      );
      const close = `UPDATE objection SET outcome = 'upheld', outcome_text = 'x', closed_by = $2, closed_at = now() WHERE id = $1`;
      expect(await guardOf(close, [body.objectionNo, own.staffId])).toBe('objection_not_about_oneself');
      const { staffId } = await staffToken(world.server, 'claims_officer');
      expect(await guardOf(close, [body.objectionNo, staffId])).toBe('objection_closed_by_another');
      expect(await guardOf(`UPDATE objection SET claimed_quantity_xem = 1 WHERE id = $1`, [body.objectionNo])).toBe(
        '42501',
      );
    });

    it.each([
      [{ claimedQuantityXem: '0' }],
      [{ claimedQuantityXem: '0.000000' }],
      [{ claimedQuantityXem: '-1' }],
      [{ claimedQuantityXem: '1e9' }],
      [{ claimedQuantityXem: 'NaN' }],
      [{ claimedQuantityXem: '1.0000001' }],
      [{ claimedQuantityXem: 5 }],
      [{ reason: 'a\u202eb' }],
      [{ dueOn: '2018-02-30' }],
      [{ outcome: 'upheld' }],
    ])('is refused with %j', async (wrongly) => {
      expect(await ask(agent, '/v1/holders/C7/objections', { ...wrong, ...wrongly })).toMatchObject({
        status: 400,
        body: { code: 'validation_failed' },
      });
    });
  });

  describe('and claims that are held', () => {
    it('open holds become work once they are no slip, confidential ones never, and the work ends with the hold', async () => {
      const follow = () => world.server.app.get(HeldClaims, { strict: false }).follow();
      const [open, fresh, confidential] = await Promise.all(
        ['C8', 'C9', 'C10'].map((no) => claimNoOf(world.server, no)),
      );
      const hold = { visibility: 'open', reasonCode: 'name_mismatch', reasonText: 'x' };
      await ask(agent, `/v1/claims/${open}/holds`, hold);
      await ask(agent, `/v1/claims/${fresh}/holds`, hold);
      await world.server.database.asSuperuser(
        `WITH off AS (SELECT set_config('session_replication_role', 'replica', false)),
         aged AS (UPDATE claim_hold SET placed_at = now() - interval '11 minutes' FROM off, claim c WHERE c.id = claim_id AND c.claim_no = $1)
         INSERT INTO claim_hold (claim_id, visibility, status, reason_code, reason_text, content_hash, placed_at)
         SELECT c.id, 'confidential', 'active', 'sanctions', 'x', repeat('a', 64), now() - interval '1 day' FROM off, claim c WHERE c.claim_no = $2`,
        [open, confidential],
      );
      await follow();
      await follow();
      expect(await items('hold_release')).toEqual([{ customer_no: 'C8', subject_id: open, status: 'open' }]);
      await post(world.server, officer, `/v1/claims/${open}/holds`, { releaseReason: 'settled' }, 'DELETE');
      await follow();
      expect(await items('hold_release')).toMatchObject([{ status: 'done' }]);
    });
  });
});
