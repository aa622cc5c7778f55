import { randomUUID } from 'node:crypto';
import { createTestDatabase, type TestDatabase } from '../harness/database.js';

const HASH = 'a'.repeat(64);

/** Everything here goes around the application: plain SQL in its role. */
describe('what the database says about two people', () => {
  let database: TestDatabase;
  let people: string[];

  beforeAll(async () => {
    database = await createTestDatabase();
    const rows = await database.asSuperuser<{ id: string }>(
      `INSERT INTO staff (login, display_name, role) SELECT 'person' || n, 'Person ' || n, 'finance_checker' FROM generate_series(1, 4) AS n RETURNING id`,
    );
    people = rows.map((row) => row.id);
  });
  afterAll(() => database.drop());

  const person = (index: number): string => people[index] ?? '';

  async function ask(
    maker: string,
    options: { amount?: string; checkers?: number; named?: string[]; type?: string } = {},
  ): Promise<string> {
    const [row] = await database.asApp<{ id: string }>(
      `INSERT INTO approval_request (subject_type, subject_id, content_hash, amount_jpy, required_checkers, maker_id, named_customer_nos, expires_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, now() + interval '1 day') RETURNING id`,
      [
        options.type ?? `kind_${randomUUID().replace(/[^a-z]/g, '')}`,
        '1',
        HASH,
        options.amount ?? null,
        options.checkers ?? 1,
        maker,
        options.named ?? [],
      ],
    );
    return row?.id ?? '';
  }

  function decide(request: string, maker: string, checker: string, decision = 'approve', reason: string | null = null) {
    return database.asApp(
      'INSERT INTO approval_decision (request_id, maker_id, checker_id, decision, reason) VALUES ($1, $2, $3, $4, $5)',
      [request, maker, checker, decision, reason],
    );
  }

  const close = (request: string, status: string) =>
    database.asApp('UPDATE approval_request SET status = $2, closed_at = now() WHERE id = $1', [request, status]);

  it('[15] refuses the maker as checker, also when the maker is misstated', async () => {
    const request = await ask(person(0));
    await expect(decide(request, person(0), person(0))).rejects.toMatchObject({
      constraint: 'approval_decision_checker_is_not_maker',
    });
    await expect(decide(request, person(1), person(0))).rejects.toMatchObject({
      constraint: 'approval_decision_request',
    });
  });

  it('counts one decision per checker', async () => {
    const request = await ask(person(0), { checkers: 2 });
    await decide(request, person(0), person(1));
    await expect(decide(request, person(0), person(1))).rejects.toMatchObject({
      constraint: 'approval_decision_one_per_checker',
    });
    await expect(close(request, 'approved')).rejects.toMatchObject({ constraint: 'approval_request_not_decided' });
    await decide(request, person(0), person(2));
    await close(request, 'approved');
  });

  it('approves nothing that nobody approved or that somebody refused', async () => {
    const request = await ask(person(0));
    await expect(close(request, 'approved')).rejects.toMatchObject({ constraint: 'approval_request_not_decided' });
    await expect(decide(request, person(0), person(1), 'refuse', '  ')).rejects.toMatchObject({
      constraint: 'approval_decision_refusal_has_reason',
    });
    await decide(request, person(0), person(1), 'refuse', 'wrong total');
    await decide(request, person(0), person(2));
    await expect(close(request, 'approved')).rejects.toMatchObject({ constraint: 'approval_request_not_decided' });
    await close(request, 'refused');
    await expect(close(request, 'approved')).rejects.toMatchObject({ constraint: 'approval_request_closed_for_ever' });
  });

  it('[20] needs two checkers above 100,000,000 JPY, and splitting does not help', async () => {
    await expect(ask(person(0), { amount: '100000001' })).rejects.toMatchObject({
      constraint: 'approval_request_enough_checkers',
    });
    await ask(person(0), { amount: '100000000', type: 'split' });
    await expect(
      database.asApp(
        `INSERT INTO approval_request (subject_type, subject_id, content_hash, amount_jpy, required_checkers, maker_id, expires_at, created_at)
         VALUES ('split', '2', $1, 1, 1, $2, now() + interval '9 days', now() + interval '8 days')`,
        [HASH, person(0)],
      ),
    ).rejects.toMatchObject({ constraint: 'approval_request_enough_checkers' });
  });

  it('lets two parallel halves of one amount through only one after the other', async () => {
    const halves = await Promise.allSettled(
      ['1', '2'].map((subjectId) =>
        database.asApp(
          `INSERT INTO approval_request (subject_type, subject_id, content_hash, amount_jpy, required_checkers, maker_id, expires_at)
         VALUES ('halves', $1, $2, 60000000, 1, $3, now() + interval '1 day')`,
          [subjectId, HASH, person(0)],
        ),
      ),
    );
    expect(halves.map((half) => half.status).sort()).toEqual(['fulfilled', 'rejected']);
  });

  it('keeps people away from requests that name their own customer number or a relative’s', async () => {
    await database.asSuperuser(`UPDATE staff SET customer_no = 'C1' WHERE id = $1`, [person(3)]);
    await database.asSuperuser(
      `INSERT INTO staff_relative (staff_id, customer_no, relation) VALUES ($1, 'C2', 'spouse')`,
      [person(3)],
    );
    await expect(ask(person(3), { named: ['C0', 'C1'] })).rejects.toMatchObject({
      constraint: 'approval_not_about_own_money',
    });
    const request = await ask(person(0), { named: ['C2'] });
    await expect(decide(request, person(0), person(3))).rejects.toMatchObject({
      constraint: 'approval_not_about_own_money',
    });
  });

  it('[17] never rewrites a request and never removes a decision', async () => {
    const request = await ask(person(0));
    await decide(request, person(0), person(1));
    await expect(
      database.asApp('UPDATE approval_request SET content_hash = $2 WHERE id = $1', [request, 'b'.repeat(64)]),
    ).rejects.toMatchObject({ code: '42501' });
    for (const statement of [
      'UPDATE approval_decision SET reason = NULL',
      'DELETE FROM approval_decision',
      'TRUNCATE approval_decision',
      'DELETE FROM approval_request',
    ]) {
      await expect(database.asApp(statement)).rejects.toMatchObject({ code: '42501' });
    }
    await expect(database.asSuperuser('DELETE FROM approval_decision')).rejects.toMatchObject({
      constraint: 'approval_decision_append_only',
    });
    await expect(
      database.asSuperuser('UPDATE approval_request SET amount_jpy = 1 WHERE id = $1', [request]),
    ).rejects.toMatchObject({
      constraint: 'approval_request_never_rewritten',
    });
  });

  it('keeps one question about a thing open at a time, and expires only what is over', async () => {
    const request = await ask(person(0), { type: 'once' });
    await expect(ask(person(1), { type: 'once' })).rejects.toMatchObject({
      constraint: 'approval_request_one_pending',
    });
    await expect(close(request, 'expired')).rejects.toMatchObject({ constraint: 'approval_request_not_expired' });
    await close(request, 'voided');
    await ask(person(1), { type: 'once' });
  });
});
