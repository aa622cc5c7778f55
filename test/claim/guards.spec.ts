import { createTestApp, type TestApp } from '../harness/app.js';
import { arrangeProgramme } from '../harness/programme.js';
import { staffToken } from '../harness/staff.js';
import { officers, post } from './claims.js';

/** Everything here goes around the application: plain SQL in its role. */
describe('what the database says about claims', () => {
  let server: TestApp;
  let staffId: string;

  beforeAll(async () => {
    server = await createTestApp();
    const { maker } = await officers(server);
    staffId = (await staffToken(server, 'claims_officer')).staffId;
    await arrangeProgramme(server.database, {
      quantitiesMicroXem: Array.from({ length: 5 }, (_, n) => BigInt(n + 1) * 1_000_000n).concat(
        50_000_000_000n,
        7_000_000n,
        8_000_000n,
        9_000_000n,
      ),
      fundJpy: 10_000_000n,
    });
    await post(server, maker, '/v1/claims/open');
  });
  afterAll(() => server.close());

  const asApp = (sql: string, params?: unknown[]) => server.database.asApp(sql, params);
  const guard = (constraint: string) => ({ constraint });
  const DENIED = { code: '42501' };

  /** Moves claim `id` as one statement with its decision. */
  const move = (id: number, to: string, decision: string, extra = '') =>
    asApp(
      `WITH changed AS (UPDATE claim SET status = $2::claim_status, version = version + 1 WHERE id = $1 RETURNING id, version)
       INSERT INTO claim_decision (claim_id, version, decision, reason_code, decided_by) SELECT id, version, $3::claim_verdict, 'test', $4::uuid FROM changed ${extra}`,
      [id, to, decision, staffId],
    );

  it('moves no claim without the decision for exactly this change', async () => {
    await expect(
      asApp(`UPDATE claim SET status = 'approved', version = version + 1 WHERE id = 1`),
    ).rejects.toMatchObject(guard('claim_change_has_decision'));
    await expect(move(1, 'approved', 'reject')).rejects.toMatchObject(guard('claim_change_has_decision'));
    await expect(asApp(`UPDATE claim SET status = 'approved' WHERE id = 1`)).rejects.toMatchObject(
      guard('claim_state'),
    );
    await expect(asApp(`UPDATE claim SET version = version + 1 WHERE id = 1`)).rejects.toMatchObject(
      guard('claim_state'),
    );
  });

  it('[18] moves claims along the edges only', async () => {
    await move(1, 'approved', 'approve');
    await expect(move(1, 'rejected', 'reject')).rejects.toMatchObject(guard('claim_state'));
    await expect(move(2, 'credited', 'approve')).rejects.toMatchObject(guard('claim_state'));
    await move(1, 'pending', 'withdraw');
    await move(1, 'rejected', 'reject');
    await expect(move(1, 'approved', 'approve')).rejects.toMatchObject(guard('claim_state'));
  });

  it('credits nothing without its transfer', async () => {
    await move(2, 'approved', 'approve');
    await expect(
      asApp(`UPDATE claim SET status = 'credited', version = version + 1 WHERE id = 2`),
    ).rejects.toMatchObject(guard('claim_credited_has_transfer'));
  });

  it('lets one person decide up to a million yen only, and reopen nothing', async () => {
    await expect(move(6, 'approved', 'approve')).rejects.toMatchObject(guard('claim_decision_needs_two_people'));
    await expect(move(1, 'pending', 'reopen')).rejects.toMatchObject(guard('claim_decision_needs_two_people'));
  });

  it('approves no held claim, and only the hold table decides what is held', async () => {
    await expect(asApp('UPDATE claim SET held = true WHERE id = 3')).rejects.toMatchObject(DENIED);
    await asApp(
      `INSERT INTO claim_hold (claim_id, visibility, status, reason_code, reason_text, content_hash, placed_by) VALUES (3, 'open', 'active', 'other', 'x', repeat('a', 64), $1)`,
      [staffId],
    );
    await expect(move(3, 'approved', 'approve')).rejects.toMatchObject(guard('claim_held'));
    await asApp(`UPDATE claim_hold SET met_at = now() WHERE claim_id = 3`);
    await expect(
      asApp(
        `UPDATE claim_hold SET status = 'released', released_by = placed_by, released_at = now(), release_reason = 'x' WHERE claim_id = 3`,
      ),
    ).rejects.toMatchObject(guard('claim_hold_released_by_another'));
  });

  it('activates and releases no confidential hold that one person placed alone', async () => {
    const confidential = (status: string) =>
      asApp(
        `INSERT INTO claim_hold (claim_id, visibility, status, reason_code, reason_text, content_hash, placed_by) VALUES (4, 'confidential', $2, 'sanctions', 'x', repeat('a', 64), $1)`,
        [staffId, status],
      );
    await expect(confidential('active')).rejects.toMatchObject(guard('claim_hold_begins'));
    await confidential('proposed');
    await expect(asApp(`UPDATE claim_hold SET status = 'active' WHERE claim_id = 4`)).rejects.toMatchObject(
      guard('claim_hold_confidential_needs_two'),
    );
  });

  it('keeps people away from their own claims', async () => {
    await server.database.asSuperuser(`UPDATE staff SET customer_no = 'C5' WHERE id = $1`, [staffId]);
    await expect(move(5, 'approved', 'approve')).rejects.toMatchObject(guard('claim_decision_not_about_own_money'));
    await expect(
      asApp(
        `INSERT INTO claim_hold (claim_id, visibility, status, reason_code, reason_text, content_hash, placed_by) VALUES (5, 'open', 'active', 'other', 'x', repeat('a', 64), $1)`,
        [staffId],
      ),
    ).rejects.toMatchObject(guard('claim_hold_not_about_own_money'));
    await server.database.asSuperuser(`UPDATE staff SET customer_no = NULL WHERE id = $1`, [staffId]);
  });

  it('opens claims only from sealed balances at the effective rate, with the right amount', async () => {
    const columns =
      'holder_id, frozen_balance_id, rate_id, parent_claim_id, wallet_account_id, quantity_xem, price_jpy_per_xem, rounding_rule, amount_jpy';
    const copy = (changes: string) => asApp(`INSERT INTO claim (${columns}) SELECT ${changes} FROM claim WHERE id = 5`);
    const same = 'holder_id, frozen_balance_id, rate_id, id, wallet_account_id';
    await expect(copy(`${same}, quantity_xem, price_jpy_per_xem, rounding_rule, amount_jpy + 1`)).rejects.toMatchObject(
      guard('claim_amount_is_quantity_times_price'),
    );
    await expect(
      copy(`${same}, 9, price_jpy_per_xem, rounding_rule, round_jpy(9 * price_jpy_per_xem, rounding_rule)`),
    ).rejects.toMatchObject(guard('claim_opens_from_sealed_balance'));
    await expect(copy(`${same}, 'NaN', price_jpy_per_xem, rounding_rule, 1`)).rejects.toMatchObject({
      code: expect.stringMatching(/^(23514|22P02|22003|0A000)$/),
    });
    await expect(
      copy(
        'holder_id, frozen_balance_id, rate_id, NULL, wallet_account_id, quantity_xem, price_jpy_per_xem, rounding_rule, amount_jpy',
      ),
    ).rejects.toMatchObject({ code: '23505' });
  });

  it('writes no decision that changes nothing, or by nobody, or of no run', async () => {
    const decision = (claimId: number, version: number, by: string, run: number | null) =>
      asApp(
        `INSERT INTO claim_decision (claim_id, version, decision, reason_code, decided_by, approval_run_id) VALUES ($1, $2, 'approve', 'x', $3, $4)`,
        [claimId, version, by, run],
      );
    const nobody = '00000000-0000-7000-8000-000000000000';
    await expect(decision(5, 1, staffId, null)).rejects.toMatchObject(guard('claim_decision_changes_claim'));
    await expect(decision(999, 1, staffId, null)).rejects.toMatchObject(guard('claim_decision_changes_claim'));
    await expect(
      asApp(
        `WITH changed AS (UPDATE claim SET status = 'approved', version = version + 1 WHERE id = 5 RETURNING id, version)
      INSERT INTO claim_decision (claim_id, version, decision, reason_code, decided_by, approval_run_id) SELECT id, version, 'approve', 'x', $1::uuid, NULL FROM changed`,
        [nobody],
      ),
    ).rejects.toMatchObject(guard('claim_decision_changes_claim'));
    await expect(
      asApp(
        `WITH changed AS (UPDATE claim SET status = 'approved', version = version + 1 WHERE id = 5 RETURNING id, version)
      INSERT INTO claim_decision (claim_id, version, decision, reason_code, decided_by, approval_run_id) SELECT id, version, 'approve', 'x', $1::uuid, 77 FROM changed`,
        [staffId],
      ),
    ).rejects.toMatchObject(guard('claim_decision_changes_claim'));
  });

  it('takes one word of up to forty small letters as the reason of a decision', async () => {
    const because = (reason: string) =>
      asApp(
        `WITH changed AS (UPDATE claim SET status = 'approved', version = version + 1 WHERE id = 5 RETURNING id, version)
         INSERT INTO claim_decision (claim_id, version, decision, reason_code, decided_by) SELECT id, version, 'approve', $2, $1::uuid FROM changed`,
        [staffId, reason],
      );
    for (const reason of ['', 'a'.repeat(41), 'Confirmed', 'two words', 'confirmed\n', '\nconfirmed', 'a\nb', 'é', '1'])
      await expect(because(reason)).rejects.toMatchObject(guard('claim_decision_reason_code_check'));
  });

  it('takes no decision on a request that is not there or not about it', async () => {
    const nowhere = '00000000-0000-7000-8000-000000000000';
    await expect(
      asApp(
        `WITH changed AS (UPDATE claim SET status = 'approved', version = version + 1 WHERE id = 5 RETURNING id, version)
         INSERT INTO claim_decision (claim_id, version, decision, reason_code, decided_by, approval_request_id) SELECT id, version, 'approve', 'x', $1::uuid, $2::uuid FROM changed`,
        [staffId, nowhere],
      ),
    ).rejects.toMatchObject(guard('claim_decision_request_approved'));
    // What guards that reference from the other end.
    await expect(server.database.asSuperuser('DELETE FROM approval_request')).rejects.toMatchObject({ code: 'HK001' });
  });

  it('moves several claims in one statement only if each has its own decision, and each decision its claim', async () => {
    /** Moves these claims to approved and writes decisions about those. */
    const moveAll = (
      moved: readonly number[],
      decisions: readonly [claim: number, version: number, verdict: string][],
    ) =>
      asApp(
        `WITH changed AS (UPDATE claim SET status = 'approved', version = version + 1 WHERE id = ANY ($1::bigint[]))
         INSERT INTO claim_decision (claim_id, version, decision, reason_code, decided_by)
         SELECT claim, version, verdict, 'test', $5::uuid FROM unnest($2::bigint[], $3::integer[], $4::claim_verdict[]) AS d (claim, version, verdict)`,
        [moved, ...[0, 1, 2].map((at) => decisions.map((decision) => decision[at])), staffId],
      );
    const before = await asApp('SELECT id, status, version FROM claim ORDER BY id');
    const refused = {
      code: 'HK001',
      constraint: expect.stringMatching(/^claim_(change_has_decision|decision_changes_claim)$/),
    };
    const version = (id: number) => Number(before.find((row) => Number(row.id) === id)?.version) + 1;
    const approve = (id: number): [number, number, string] => [id, version(id), 'approve'];
    const three = [7, 8, 9];
    for (const decisions of [
      [approve(7), approve(9)],
      [approve(7), [8, version(8), 'reject'], approve(9)],
      [approve(7), [8, version(8) + 1, 'approve'], approve(9)],
      [...three.map(approve), [999, 1, 'approve']],
    ] as [number, number, string][][]) {
      await expect(moveAll(three, decisions)).rejects.toMatchObject(refused);
    }
    await expect(moveAll([7, 9], three.map(approve))).rejects.toMatchObject(refused);
    expect(await asApp('SELECT id, status, version FROM claim ORDER BY id')).toEqual(before);
    await moveAll(three, three.map(approve));
    // Back to pending it goes by a withdrawal, not by any other decision.
    await expect(move(7, 'pending', 'reopen')).rejects.toMatchObject({ code: 'HK001' });
    await expect(
      asApp(`UPDATE claim SET status = 'pending', version = version + 1 WHERE id = 7`),
    ).rejects.toMatchObject(guard('claim_change_has_decision'));
    for (const id of three) await move(id, 'pending', 'withdraw');
  });

  it('opens no claim that leads nowhere', async () => {
    const columns =
      'holder_id, frozen_balance_id, rate_id, parent_claim_id, wallet_account_id, quantity_xem, price_jpy_per_xem, rounding_rule, amount_jpy';
    const rest = 'quantity_xem, price_jpy_per_xem, rounding_rule, amount_jpy';
    for (const references of [
      '999, frozen_balance_id, rate_id, id, wallet_account_id',
      'holder_id, 999, rate_id, id, wallet_account_id',
      'holder_id, frozen_balance_id, uuidv7(), id, wallet_account_id',
      'holder_id, frozen_balance_id, rate_id, id, 999',
      'holder_id, frozen_balance_id, rate_id, 999, wallet_account_id',
    ]) {
      await expect(
        asApp(`INSERT INTO claim (${columns}) SELECT ${references}, ${rest} FROM claim WHERE id = 5`),
      ).rejects.toMatchObject(guard('claim_opens_from_sealed_balance'));
    }
    // One astray among several that are right, and wallets exchanged between two.
    const several = (wallet: string) =>
      asApp(`INSERT INTO claim (${columns})
             SELECT holder_id, frozen_balance_id, rate_id, id, ${wallet}, ${rest} FROM claim WHERE id BETWEEN 7 AND 9`);
    await expect(several('CASE id WHEN 8 THEN 999 ELSE wallet_account_id END')).rejects.toMatchObject(
      guard('claim_opens_from_sealed_balance'),
    );
    await expect(
      several(
        '(SELECT o.wallet_account_id FROM claim o WHERE o.id = CASE claim.id WHEN 7 THEN 8 WHEN 8 THEN 7 ELSE 9 END)',
      ),
    ).rejects.toMatchObject(guard('claim_opens_from_sealed_balance'));
  });

  it('never rewrites nor removes', async () => {
    for (const statement of [
      'UPDATE claim SET amount_jpy = 1',
      'UPDATE claim SET holder_id = 1',
      'DELETE FROM claim',
      'TRUNCATE claim CASCADE',
      'UPDATE claim_decision SET reason_code = $$x$$',
      'DELETE FROM claim_decision',
      'TRUNCATE claim_decision',
      'DELETE FROM claim_hold',
      'DELETE FROM approval_run',
      'ALTER TABLE claim DISABLE TRIGGER ALL',
    ]) {
      await expect(asApp(statement)).rejects.toMatchObject(DENIED);
    }
    await expect(server.database.asSuperuser('DELETE FROM claim_decision')).rejects.toMatchObject(
      guard('claim_decision_append_only'),
    );
  });
});
