import { CREDIT_BATCH_STATES, CREDIT_BATCH_TRANSITIONS } from '../../src/credit-batch/credit-batch.state.js';
import {
  approvedBatch,
  createBatchWorld,
  draft,
  execute,
  post,
  quantities,
  show,
  submit,
  type BatchBody,
  type BatchWorld,
} from './batches.js';

const CREDIT = `
  WITH one AS (UPDATE claim SET status = 'credited', version = version + 1 WHERE id = $1 RETURNING id, wallet_account_id, amount_jpy)
  INSERT INTO ledger_transfer (kind, debit_account_id, credit_account_id, amount_jpy, reference_id, posting_date, label)
  SELECT 'credit', (SELECT id FROM ledger_account WHERE kind = 'approved_uncredited'), coalesce($2, wallet_account_id), coalesce($3, amount_jpy),
         id, coalesce($4::date, timezone('Asia/Tokyo', now())::date), coalesce($5, 'NEM補償金') FROM one`;

/** Everything here goes around the application: plain SQL in its role. */
describe('what the database says about credit batches', () => {
  let world: BatchWorld;
  let customer = 0;

  beforeAll(async () => {
    world = await createBatchWorld(quantities(60));
  });
  afterAll(() => world.server.close());

  const asApp = (sql: string, params: unknown[] = []) => world.server.database.asApp(sql, params);
  const asSuperuser = (sql: string, params: unknown[] = []) => world.server.database.asSuperuser(sql, params);
  const next = () => ({ customerNos: [`C${(customer += 1)}`] });
  const claimOf = async (batch: { id: string }): Promise<string> =>
    String(
      (await asSuperuser('SELECT claim_id FROM credit_batch_item WHERE batch_id = $1 ORDER BY seq', [batch.id]))[0]
        ?.claim_id,
    );
  const credit = (
    claim: string,
    { wallet, amount, day, label }: { wallet?: string; amount?: string; day?: string; label?: string } = {},
  ) => asApp(CREDIT, [claim, wallet ?? null, amount ?? null, day ?? null, label ?? null]);
  const setStatus = (id: string, status: string) =>
    asApp('UPDATE credit_batch SET status = $2 WHERE id = $1', [id, status]);
  const refused = (guard: string) => ({ code: 'HK001', constraint: guard });

  async function executing(filter: object): Promise<BatchBody> {
    const batch = await approvedBatch(world, filter);
    await setStatus(batch.id, 'executing');
    return batch;
  }

  it('[16] credits nothing without an executing batch', async () => {
    const [free] = await asSuperuser(
      `SELECT id FROM claim WHERE holder_id = (SELECT id FROM holder WHERE customer_no = 'C60')`,
    );
    await expect(credit(String(free?.id))).rejects.toMatchObject(refused('credit_matches_its_item'));
    const { body: drafted } = await draft(world, next());
    await expect(credit(await claimOf(drafted))).rejects.toMatchObject(refused('credit_needs_executing_batch'));
    const approved = await approvedBatch(world, next());
    await expect(credit(await claimOf(approved))).rejects.toMatchObject(refused('credit_needs_executing_batch'));
    const paused = await executing(next());
    await asApp(
      `UPDATE credit_batch SET status = 'paused', pause_kind = 'ordinary', pause_reason = 'wait' WHERE id = $1`,
      [paused.id],
    );
    await expect(credit(await claimOf(paused))).rejects.toMatchObject(refused('credit_needs_executing_batch'));
  });

  it('credits only what was approved: amount, wallet, posting date and label', async () => {
    const claim = await claimOf(await executing(next()));
    const [other] = await asSuperuser(
      `SELECT id FROM ledger_account WHERE kind = 'customer_wallet' ORDER BY id DESC LIMIT 1`,
    );
    await expect(credit(claim, { amount: '1' })).rejects.toMatchObject({ code: 'HK001' });
    await expect(credit(claim, { wallet: String(other?.id) })).rejects.toMatchObject({ code: 'HK001' });
    await expect(credit(claim, { day: '2018-03-12' })).rejects.toMatchObject(refused('credit_needs_executing_batch'));
    await expect(credit(claim, { label: 'Gift' })).rejects.toMatchObject(refused('credit_needs_executing_batch'));
    const onlyTransfer = `
      INSERT INTO ledger_transfer (kind, debit_account_id, credit_account_id, amount_jpy, reference_id, posting_date, label)
      SELECT 'credit', (SELECT id FROM ledger_account WHERE kind = 'approved_uncredited'), wallet_account_id, amount_jpy, id, timezone('Asia/Tokyo', now())::date, 'NEM補償金'
      FROM claim WHERE id = $1`;
    await expect(asApp(onlyTransfer, [claim])).rejects.toMatchObject(refused('credit_matches_its_item'));
    await credit(claim);
  });

  it('credits several claims in one statement only if each has its transfer, and each transfer its claim', async () => {
    const batch = await executing({ customerNos: [1, 2, 3].map((offset) => `C${customer + offset}`) });
    customer += 3;
    const claims = (
      await asSuperuser('SELECT claim_id FROM credit_batch_item WHERE batch_id = $1 ORDER BY seq', [batch.id])
    ).map((item) => String(item.claim_id));
    /** Moves these claims and pays those, each with the amount of the claim in the same place of the third list. */
    const creditAll = (moved: readonly string[], paid: readonly string[], amountsOf: readonly string[]) =>
      asApp(
        `WITH moved AS (UPDATE claim SET status = 'credited', version = version + 1 WHERE id = ANY ($1::bigint[]))
         INSERT INTO ledger_transfer (kind, debit_account_id, credit_account_id, amount_jpy, reference_id, posting_date, label)
         SELECT 'credit', (SELECT id FROM ledger_account WHERE kind = 'approved_uncredited'), c.wallet_account_id, a.amount_jpy, c.id,
                timezone('Asia/Tokyo', now())::date, 'NEM補償金'
         FROM unnest($2::bigint[], $3::bigint[]) AS pair (id, amount_of) JOIN claim c ON c.id = pair.id JOIN claim a ON a.id = pair.amount_of`,
        [moved, paid, amountsOf],
      );
    const [first = '', second = '', third = ''] = claims;
    await expect(creditAll(claims, [first, third], [first, third])).rejects.toMatchObject(
      refused('claim_credited_has_transfer'),
    );
    await expect(creditAll([first, third], claims, claims)).rejects.toMatchObject(refused('credit_matches_its_item'));
    await expect(creditAll(claims, claims, [second, first, third])).rejects.toMatchObject({ code: 'HK001' });
    await expect(creditAll([first], claims, claims)).rejects.toMatchObject(refused('credit_matches_its_item'));
    expect(await show(world, batch.id)).toMatchObject({ creditedCount: '0', creditedJpy: '0' });
    await creditAll(claims, claims, claims);
    expect(await show(world, batch.id)).toMatchObject({ creditedCount: '3', creditedJpy: batch.totalJpy });
  });

  it('[18] credits a claim once under 30 parallel attempts', async () => {
    const batch = await executing(next());
    const claim = await claimOf(batch);
    const attempts = await Promise.allSettled(Array.from({ length: 30 }, () => credit(claim)));
    expect(attempts.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(
      await asSuperuser(`SELECT FROM ledger_transfer WHERE kind = 'credit' AND reference_id = $1`, [claim]),
    ).toHaveLength(1);
    expect(
      await asSuperuser('SELECT credited_count, credited_jpy = total_jpy AS all FROM credit_batch WHERE id = $1', [
        batch.id,
      ]),
    ).toEqual([{ credited_count: '1', all: true }]);
  });

  it('[16] adds, raises and replaces nothing after the submission', async () => {
    const { body: batch } = await draft(world, next());
    const add = (seq: number, amount = 'amount_jpy') =>
      asApp(
        `INSERT INTO credit_batch_item (batch_id, seq, claim_id, wallet_account_id, amount_jpy)
         SELECT $1, $2, id, wallet_account_id, ${amount} FROM claim WHERE holder_id = (SELECT id FROM holder WHERE customer_no = 'C59')`,
        [batch.id, seq],
      );
    await expect(add(2, 'amount_jpy + 1')).rejects.toMatchObject(refused('credit_batch_item_matches_claim'));
    await submit(world, batch);
    await expect(add(2)).rejects.toMatchObject(refused('credit_batch_item_only_in_draft'));
    for (const change of ['amount_jpy = amount_jpy + 1', 'claim_id = 1', 'wallet_account_id = 5', 'seq = 9']) {
      await expect(
        asApp(`UPDATE credit_batch_item SET ${change} WHERE batch_id = $1`, [batch.id]),
      ).rejects.toMatchObject({ code: '42501' });
      await expect(
        asSuperuser(`UPDATE credit_batch_item SET ${change} WHERE batch_id = $1`, [batch.id]),
      ).rejects.toMatchObject(refused('credit_batch_item_append_only'));
    }
    for (const change of [
      `posting_date = posting_date + 1`,
      `not_before = not_before - interval '1 second'`,
      `content_hash = repeat('0', 64)`,
    ]) {
      await expect(asApp(`UPDATE credit_batch SET ${change} WHERE id = $1`, [batch.id])).rejects.toMatchObject(
        refused('credit_batch_never_rewritten'),
      );
    }
    await expect(
      asApp('UPDATE credit_batch SET control_total_jpy = control_total_jpy + 1 WHERE id = $1', [batch.id]),
    ).rejects.toMatchObject({ code: 'HK001' });
    await expect(asApp(`UPDATE credit_batch SET label = 'Gift' WHERE id = $1`, [batch.id])).rejects.toMatchObject({
      code: '42501',
    });
  });

  it('keeps counters and totals out of the application’s hands', async () => {
    const { body: batch } = await draft(world, next());
    for (const column of [
      'item_count',
      'total_jpy',
      'credited_count',
      'credited_jpy',
      'skipped_count',
      'skipped_jpy',
      'approved_at',
    ]) {
      await expect(asApp(`UPDATE credit_batch SET ${column} = NULL WHERE id = $1`, [batch.id])).rejects.toMatchObject({
        code: '42501',
      });
    }
    for (const table of ['credit_batch', 'credit_batch_item']) {
      for (const statement of [`DELETE FROM ${table}`, `TRUNCATE ${table} CASCADE`]) {
        await expect(asApp(statement)).rejects.toMatchObject({ code: '42501' });
        await expect(asSuperuser(statement)).rejects.toMatchObject({ code: 'HK001' });
      }
    }
  });

  it('ends only when items, counters and transfers agree', async () => {
    const batch = await executing(next());
    await expect(setStatus(batch.id, 'completed')).rejects.toMatchObject({
      constraint: 'credit_batch_ends_accounted_for',
    });
    await asSuperuser('UPDATE credit_batch SET credited_count = item_count, credited_jpy = total_jpy WHERE id = $1', [
      batch.id,
    ]);
    await expect(setStatus(batch.id, 'completed')).rejects.toMatchObject(refused('credit_batch_adds_up'));
  });

  it('knows the states and no other way between them', async () => {
    const { body: batch } = await draft(world, next());
    for (const from of CREDIT_BATCH_STATES) {
      for (const to of CREDIT_BATCH_STATES.filter(
        (state) => state !== from && !(CREDIT_BATCH_TRANSITIONS[from] as readonly string[]).includes(state),
      )) {
        await asSuperuser(
          `WITH off AS (SELECT set_config('session_replication_role', 'replica', false))
             UPDATE credit_batch SET status = $2::text::credit_batch_status, content_hash = repeat('a', 64), control_total_jpy = total_jpy,
               skipped_count = item_count, skipped_jpy = total_jpy, pause_kind = CASE WHEN $2 = 'paused' THEN 'ordinary'::pause_kind END,
               pause_reason = CASE WHEN $2 = 'paused' THEN 'wait' END
             FROM off WHERE id = $1`,
          [batch.id, from],
        );
        await expect(setStatus(batch.id, to)).rejects.toMatchObject({
          code: 'HK001',
          constraint: expect.stringMatching(/credit_batch_(state|ended_for_ever)/),
        });
      }
    }
  });

  it('submits only the true hash, and approves only what checkers of this amount and these names have seen', async () => {
    const { body: batch } = await draft(world, next());
    await expect(
      asApp(
        `UPDATE credit_batch SET status = 'submitted', control_total_jpy = total_jpy, content_hash = repeat('a', 64) WHERE id = $1`,
        [batch.id],
      ),
    ).rejects.toMatchObject(refused('credit_batch_content_hash'));
    const { body: submitted } = await submit(world, batch);
    await expect(setStatus(batch.id, 'approved')).rejects.toMatchObject(refused('credit_batch_needs_approval'));
    const forge = (column: string, value: string) =>
      asSuperuser(
        `WITH off AS (SELECT set_config('session_replication_role', 'replica', false))
         UPDATE approval_request SET status = 'approved', closed_at = now(), ${column} = ${value} FROM off WHERE id = $1`,
        [submitted.approvalRequest?.id],
      );
    await forge('amount_jpy', '1');
    await expect(setStatus(batch.id, 'approved')).rejects.toMatchObject(refused('credit_batch_needs_approval'));
    await forge('amount_jpy', batch.totalJpy);
    await forge('named_customer_nos', `'{}'`);
    await expect(setStatus(batch.id, 'approved')).rejects.toMatchObject(refused('credit_batch_needs_approval'));
  });

  it('begins neither early nor late, and gives an approval back only when it cannot be used again', async () => {
    const later = new Date(Date.now() + 48 * 3_600_000);
    const early = await approvedBatch(world, next(), { notBefore: later.toISOString(), postingDate: '2100-01-01' });
    await expect(setStatus(early.id, 'executing')).rejects.toMatchObject(refused('credit_batch_begins_in_time'));
    await expect(setStatus(early.id, 'draft')).rejects.toMatchObject(refused('credit_batch_approval_stands'));
    await expect(asApp('UPDATE credit_batch SET next_seq = 2 WHERE id = $1', [early.id])).rejects.toMatchObject(
      refused('credit_batch_position_moves_forward'),
    );
  });

  it('lets nobody resume after an alert, nor stop, alone', async () => {
    const batch = await executing(next());
    await asApp(
      `UPDATE credit_batch SET status = 'paused', pause_kind = 'alert', pause_reason = 'totals differ' WHERE id = $1`,
      [batch.id],
    );
    await expect(setStatus(batch.id, 'executing')).rejects.toMatchObject(refused('credit_batch_resume_needs_two'));
    await asApp(`UPDATE credit_batch_item SET skip_reason = 'released' WHERE batch_id = $1`, [batch.id]);
    await expect(setStatus(batch.id, 'stopped')).rejects.toMatchObject(refused('credit_batch_stop_needs_two'));
  });

  it('skips an item once and only for a reason that is true', async () => {
    const batch = await executing(next());
    const skip = (reason: string) =>
      asApp('UPDATE credit_batch_item SET skip_reason = $2 WHERE batch_id = $1', [batch.id, reason]);
    for (const reason of ['under_review', 'not_approved', 'released'])
      await expect(skip(reason)).rejects.toMatchObject(refused('credit_batch_item_skip_is_true'));
    await execute(world, batch.id);
    await expect(skip('released')).rejects.toMatchObject({ code: 'HK001' });
    const { body: cancelled } = await draft(world, next());
    await post(world.server, world.finance.maker, `/v1/credit-batches/${cancelled.id}/cancel`);
    expect(await show(world, cancelled.id)).toMatchObject({
      status: 'cancelled',
      skipped: [{ reason: 'released', count: '1' }],
    });
    await expect(
      asApp('UPDATE credit_batch_item SET skip_reason = NULL WHERE batch_id = $1', [cancelled.id]),
    ).rejects.toMatchObject(refused('credit_batch_item_skipped_once'));
  });
});
