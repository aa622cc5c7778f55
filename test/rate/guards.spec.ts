import { RATE_TRANSITIONS } from '../../src/rate/rate.state.js';
import { createTestDatabase, type TestDatabase } from '../harness/database.js';

/** Everything here goes around the application: plain SQL in its role, unless it says superuser. */
describe('what the database says about rates', () => {
  let database: TestDatabase;
  let maker: string;
  let checker: string;

  beforeAll(async () => {
    database = await createTestDatabase();
    const people = await database.asSuperuser<{ id: string }>(
      `INSERT INTO staff (login, display_name, role) VALUES ('maker', 'Maker', 'finance_maker'), ('checker', 'Checker', 'finance_checker') RETURNING id`,
    );
    [maker, checker] = [people[0]?.id ?? '', people[1]?.id ?? ''];
    await database.asApp(`INSERT INTO legal_wording (ja, en) VALUES ('補償', 'compensation')`);
  });
  afterAll(() => database.drop());

  const insert = async (
    changes: { price?: string; start?: string; end?: string; alternatives?: string[] } = {},
  ): Promise<string> => {
    const [row] = await database.asApp<{ id: string }>(
      `INSERT INTO rate (price_jpy_per_xem, method, window_start, window_end, alternative_starts, rounding_rule, source_text, wording_version, proposed_by)
       SELECT $1, 'VWAP', $2, $3, $4, 'half_up', 'notice', version, $5 FROM legal_wording LIMIT 1 RETURNING id`,
      [
        changes.price ?? '88.549',
        changes.start ?? '2018-01-26T12:09:00+09:00',
        changes.end ?? '2018-01-27T23:00:00+09:00',
        changes.alternatives ?? [],
        maker,
      ],
    );
    return row?.id ?? '';
  };
  const addEvidence = (rate: string, digest = 'a') =>
    database.asApp(
      `INSERT INTO rate_evidence (rate_id, kind, file_sha256, row_count, figures, uploaded_by) VALUES ($1, 'trades', $2, 1, '{"windows": []}', $3)`,
      [rate, digest.repeat(64), maker],
    );
  const move = (rate: string, status: string) =>
    database.asApp('UPDATE rate SET status = $2::rate_status WHERE id = $1', [rate, status]);
  const hashOf = async (rate: string): Promise<string> =>
    (await database.asApp<{ hash: string }>('SELECT rate_content_hash($1) AS hash', [rate]))[0]?.hash ?? '';
  const approve = async (rate: string, hash: string): Promise<void> => {
    const [request] = await database.asApp<{ id: string }>(
      `INSERT INTO approval_request (subject_type, subject_id, content_hash, required_checkers, maker_id, expires_at)
       VALUES ('rate', $1, $2, 1, $3, now() + interval '1 day') RETURNING id`,
      [rate, hash, maker],
    );
    await database.asApp(
      `INSERT INTO approval_decision (request_id, maker_id, checker_id, decision) VALUES ($1, $2, $3, 'approve')`,
      [request?.id, maker, checker],
    );
    await database.asApp(`UPDATE approval_request SET status = 'approved', closed_at = now() WHERE id = $1`, [
      request?.id,
    ]);
  };

  it('makes a rate effective only as two people agreed to it, evidence included', async () => {
    const rate = await insert();
    await expect(move(rate, 'effective')).rejects.toMatchObject({ constraint: 'rate_needs_approval' });
    await approve(rate, await hashOf(rate));
    await addEvidence(rate);
    await expect(move(rate, 'effective')).rejects.toMatchObject({ constraint: 'rate_needs_approval' });
    await approve(rate, await hashOf(rate));
    await move(rate, 'effective');
    const [row] = await database.asApp<{ effective_at: Date | null }>('SELECT effective_at FROM rate WHERE id = $1', [
      rate,
    ]);
    expect(row?.effective_at).toBeInstanceOf(Date);
    await expect(addEvidence(rate, 'b')).rejects.toMatchObject({ constraint: 'rate_evidence_while_proposed' });

    const next = await insert();
    await approve(next, await hashOf(next));
    await expect(move(next, 'effective')).rejects.toMatchObject({ constraint: 'rate_one_effective' });
    await move(rate, 'superseded');
    await move(next, 'effective');
    await move(next, 'superseded');
  });

  it('hashes everything that is announced, whatever the time zone of the session', async () => {
    const rate = await insert();
    const [here] = await database.asSuperuser<{ hash: string }>(`SELECT rate_content_hash($1) AS hash`, [rate]);
    const [there] = await database.asSuperuser<{ hash: string }>(
      `SELECT rate_content_hash($1) AS hash FROM (SELECT set_config('TimeZone', 'Pacific/Auckland', false)) AS zone`,
      [rate],
    );
    expect(there?.hash).toBe(here?.hash);
    const hashes = new Set([here?.hash]);
    const changes = [
      `price_jpy_per_xem = 1`,
      `method = 'x'`,
      `window_start = window_start - interval '1 microsecond'`,
      `window_end = window_end + interval '1 day'`,
      `alternative_starts = ARRAY[now()]`,
      `alternative_ends = ARRAY[now()]`,
      `rounding_rule = 'down'`,
      `source_text = 'x'`,
    ];
    for (const change of changes) {
      await database.asSuperuser('ALTER TABLE rate DISABLE TRIGGER USER');
      await database.asSuperuser(`UPDATE rate SET ${change} WHERE id = $1`, [rate]);
      await database.asSuperuser('ALTER TABLE rate ENABLE TRIGGER USER');
      hashes.add(await hashOf(rate));
    }
    await addEvidence(rate);
    hashes.add(await hashOf(rate));
    expect(hashes.size).toBe(changes.length + 2);
  });

  it('takes only prices, windows and wordings that make sense', async () => {
    for (const price of ['0', '-1', 'NaN', 'Infinity', '100000'])
      await expect(insert({ price })).rejects.toMatchObject({ code: expect.stringMatching(/^(23514|22003)$/) });
    await expect(insert({ end: '2018-01-26T12:09:00+09:00' })).rejects.toMatchObject({
      constraint: 'rate_window_runs_forward',
    });
    await expect(
      insert({ alternatives: Array.from({ length: 6 }, () => '2018-01-26T12:38:00+09:00') }),
    ).rejects.toMatchObject({ constraint: 'rate_few_alternatives' });
    await expect(database.asApp(`INSERT INTO legal_wording (ja, en) VALUES ('', 'x')`)).rejects.toMatchObject({
      constraint: 'legal_wording_ja_length',
    });
    await expect(
      database.asApp(
        `INSERT INTO rate (price_jpy_per_xem, method, window_start, window_end, rounding_rule, source_text, wording_version, proposed_by, status)
        VALUES (1, 'x', '2018-01-01', '2018-01-02', 'up', 'x', 1, $1, 'effective')`,
        [maker],
      ),
    ).rejects.toMatchObject({ code: '42501' });
  });

  it('writes announcements, wordings and evidence once', async () => {
    const rate = await insert();
    await addEvidence(rate);
    await expect(addEvidence(rate)).rejects.toMatchObject({ constraint: 'rate_evidence_same_file_once' });
    for (const statement of [
      'UPDATE rate SET price_jpy_per_xem = 1',
      'UPDATE rate SET effective_at = now()',
      'DELETE FROM rate',
      'TRUNCATE rate CASCADE',
      `UPDATE rate_evidence SET figures = '{}'`,
      'DELETE FROM rate_evidence',
      `UPDATE legal_wording SET en = 'x'`,
      'DELETE FROM legal_wording',
    ]) {
      await expect(database.asApp(statement)).rejects.toMatchObject({ code: '42501' });
    }
    await expect(database.asSuperuser('UPDATE rate SET price_jpy_per_xem = 1')).rejects.toMatchObject({
      constraint: 'rate_never_rewritten',
    });
    await expect(database.asSuperuser('DELETE FROM rate')).rejects.toMatchObject({ constraint: 'rate_append_only' });
    await expect(database.asSuperuser(`UPDATE rate_evidence SET figures = '{}'`)).rejects.toMatchObject({
      constraint: 'rate_evidence_append_only',
    });
    await expect(database.asSuperuser(`UPDATE legal_wording SET en = 'x'`)).rejects.toMatchObject({
      constraint: 'legal_wording_append_only',
    });
  });

  it('moves a rate exactly along the edges of its table', async () => {
    const put = (id: string, status: string) =>
      database.asSuperuser(
        `WITH off AS (SELECT set_config('session_replication_role', 'replica', false))
         UPDATE rate SET status = $2::rate_status, effective_at = CASE WHEN $2 IN ('effective', 'superseded') THEN now() END FROM off WHERE id = $1`,
        [id, status],
      );
    const states = Object.keys(RATE_TRANSITIONS) as (keyof typeof RATE_TRANSITIONS)[];
    const rate = await insert();
    await approve(rate, await hashOf(rate));
    for (const from of states) {
      for (const to of states) {
        await put(rate, from);
        const outcome = await move(rate, to).then(
          () => 'moved',
          (error: { constraint?: string }) => error.constraint,
        );
        const allowed = (RATE_TRANSITIONS[from] as readonly string[]).includes(to);
        expect([from, to, outcome]).toEqual([from, to, allowed ? 'moved' : 'rate_state']);
      }
    }
  });
});
