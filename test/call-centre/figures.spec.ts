import { CallCentreFigures } from '../../src/call-centre/figures/figures.service.js';
import { COUNT_CLAIMS, countQueue, countTopics } from '../../src/call-centre/figures/sql/read-figures.sql.js';
import { TOPIC_FIGURES, type CallCentreFiguresView } from '../../src/call-centre/figures/figures.views.js';
import { jstDate } from '../../src/platform/clock/jst.js';
import { Database } from '../../src/platform/database/database.js';
import { Prisma } from '../../src/platform/database/prisma.js';
import { createTestApp, type TestApp } from '../harness/app.js';
import { staffToken } from '../harness/staff.js';
import type { Role } from '../../src/identity/role.js';

/** So many that reading all of them would show in the plan. */
const CLAIMS = 20_000;

describe('the figures of the call centre', () => {
  let server: TestApp;
  let database: Database;
  beforeAll(async () => {
    server = await createTestApp();
    await staffToken(server, 'team_lead');
    database = server.app.get(Database);
    await server.database.asSuperuser(
      `SET session_replication_role = replica;
       INSERT INTO claim (holder_id, frozen_balance_id, rate_id, wallet_account_id, quantity_xem, price_jpy_per_xem, rounding_rule, amount_jpy, status, version)
       SELECT n, n, uuidv7(), n, 1, 88.549, 'half_up', 89, (CASE n % 4 WHEN 0 THEN 'pending' ELSE 'approved' END)::claim_status, 1
       FROM generate_series(1, ${CLAIMS}) AS n;
       INSERT INTO claim_hold (claim_id, visibility, status, reason_code, reason_text, content_hash, placed_by)
       SELECT c.id, (CASE nth WHEN 1 THEN 'confidential' ELSE 'open' END)::hold_visibility, 'active',
         CASE WHEN nth IN (3, 4) THEN 'contact_changed' ELSE 'other' END, 'Why.', repeat('a', 64), NULL
       FROM (SELECT id, row_number() OVER (ORDER BY id) AS nth FROM claim LIMIT 5) AS c;
       INSERT INTO claim_hold (claim_id, visibility, status, reason_code, reason_text, content_hash)
       SELECT claim_id, 'confidential', 'active', 'sanctions', 'Why.', repeat('a', 64) FROM claim_hold ORDER BY id OFFSET 3 LIMIT 1;
       INSERT INTO work_item (kind, subject_type, subject_id, dedupe_key, due_on, status, opened_at, taken_by, taken_at, touched_at, done_at, outcome)
       SELECT 'follow_up', 'contact', n::text, n::text, current_date - 30, 'done', now() - interval '30 days', NULL, NULL, NULL, now(), 'settled_elsewhere'
       FROM generate_series(1, ${CLAIMS}) AS n;
       INSERT INTO work_item (kind, subject_type, subject_id, dedupe_key, due_on, opened_at)
       SELECT 'follow_up', 'contact', 'o' || n, 'o' || n, (now() AT TIME ZONE 'Asia/Tokyo')::date - 1 + n, now() - interval '2 hours' FROM generate_series(0, 4) AS n;
       INSERT INTO work_item (kind, subject_type, subject_id, dedupe_key, due_on, status, opened_at, taken_by, taken_at, touched_at)
       SELECT 'customer_message', 'message', 't', 't', current_date - 1, 'taken', now() - interval '1 day', (SELECT id FROM staff LIMIT 1), now(), now();
       INSERT INTO work_item (kind, subject_type, subject_id, dedupe_key, due_on) VALUES ('hold_release', 'claim', 'h', 'h', current_date - 1), ('watch_alert', 'alert', 'w', 'w', current_date - 1);
       INSERT INTO contact (channel, direction, caller, staff_id, opened_at, closed_at, topic, outcome, confidential)
       SELECT channel::contact_channel, 'inbound', 'self', s.id, today.starts + at::interval, CASE WHEN topic IS NOT NULL THEN today.starts END, topic::contact_topic, CASE WHEN topic IS NOT NULL THEN 'answered'::contact_outcome END, confidential
       FROM (SELECT id FROM staff LIMIT 1) AS s, (SELECT date_trunc('day', now(), 'Asia/Tokyo') AS starts) AS today,
         (VALUES ('phone', '0 s', 'timing', false), ('phone', '0 s', 'timing', false), ('mail', '0 s', 'timing', false), ('phone', '0 s', NULL, false), ('phone', '0 s', 'amount', true), ('phone', '-1 s', 'timing', false)) AS c (channel, at, topic, confidential);
       INSERT INTO contact (channel, direction, caller, staff_id, opened_at, topic, outcome, closed_at)
       SELECT 'phone', 'inbound', 'self', s.id, now() - n * interval '2 days', 'timing', 'answered', now() FROM (SELECT id FROM staff LIMIT 1) AS s, generate_series(1, ${CLAIMS}) AS n;
       INSERT INTO complaint (contact_id, category, due_on, recorded_by) SELECT id, 'delay', current_date, staff_id FROM contact WHERE channel = 'mail';
       WITH written AS (
         INSERT INTO note (contact_id, written_by, written_at, confidential)
         SELECT 1, s.id, date_trunc('day', now(), 'Asia/Tokyo') + at::interval, confidential
         FROM (SELECT id FROM staff LIMIT 1) AS s, (VALUES ('0 s', false), ('0 s', true), ('-1 s', false)) AS n (at, confidential) RETURNING id, written_by)
       INSERT INTO note_version (note_id, version, text, text_sha256, topic, written_by)
       SELECT id, version, 'x', 'x', topic::contact_topic, written_by FROM written, (VALUES (1, 'tax'), (2, 'timing')) AS v (version, topic);
       ANALYZE`,
    );
  });
  afterAll(() => server.close());

  const figures = async (role: Role) => {
    const { token } = await staffToken(server, role);
    const { status, body } = await server.call<CallCentreFiguresView>('GET', '/v1/call-centre/figures', {
      token,
    });
    expect(status).toBe(200);
    return body;
  };

  it('count claims by state and the queue with its age', async () => {
    const { claims, queue } = await figures('team_lead');
    expect(claims).toEqual([
      { state: 'pending', claims: '5000' },
      { state: 'approved', claims: '15000' },
      { state: 'rejected', claims: '0' },
      { state: 'credited', claims: '0' },
    ]);
    const of = (kind: string) => queue.find((row) => row.kind === kind);
    expect(of('follow_up')).toMatchObject({ waiting: '5', due: '2', inHand: '0' });
    expect(of('follow_up')?.oldestSeconds).toBeGreaterThanOrEqual(7_200);
    expect(of('follow_up')?.oldestSeconds).toBeLessThan(7_800);
    expect(of('customer_message')).toMatchObject({ waiting: '0', inHand: '1', oldestSeconds: null });
    expect(of('complaint')).toMatchObject({ waiting: '0', due: '0', inHand: '0', oldestSeconds: null });
  });

  it('count what was logged since the day began in Japan, and nothing that compliance has to do with', async () => {
    const nothing = { calls: '0', mails: '0', complaints: '0', notes: '0' };
    for (const role of ['team_lead', 'compliance'] as const) {
      const { asOf, day, topics } = await figures(role);
      expect(day).toBe(jstDate(new Date(asOf)));
      expect(topics.map(({ topic }) => topic)).toEqual([...TOPIC_FIGURES]);
      const of = Object.fromEntries(topics.map(({ topic, ...counts }) => [topic, counts]));
      expect(of).toMatchObject({
        timing: { calls: '2', mails: '1', complaints: '1', notes: '1' },
        not_recorded: { ...nothing, calls: '1' },
        amount: nothing,
        tax: nothing,
      });
    }
  });

  it('count a confidential hold only among the others, as each role reads holds, and list no work that would betray one', async () => {
    const [lead, officer, compliance] = [
      await figures('team_lead'),
      await figures('claims_officer'),
      await figures('compliance'),
    ];
    expect(lead.holds).toEqual([{ reason: 'under_review', claims: '5' }]);
    expect(officer.holds).toEqual([
      { reason: 'under_review', claims: '4' },
      { reason: 'contact_changed', claims: '1' },
    ]);
    expect(compliance.holds).toEqual(officer.holds);
    expect(lead.queue.map(({ kind }) => kind)).not.toContain('hold_release');
    expect(lead.queue.map(({ kind }) => kind)).not.toContain('watch_alert');
    expect(compliance.queue.find(({ kind }) => kind === 'hold_release')).toMatchObject({ waiting: '1' });
  });

  it('are counted once in ten seconds, however many ask', async () => {
    let at = Date.now();
    const counted = new CallCentreFigures(database, { now: () => new Date(at) });
    const rejected = async () =>
      (await counted.show({ id: '', role: 'team_lead' })).claims.find(({ state }) => state === 'rejected')?.claims;
    expect(await rejected()).toBe('0');
    await server.database.asSuperuser(
      `SET session_replication_role = replica; UPDATE claim SET status = 'rejected' WHERE id IN (SELECT min(id) FROM claim)`,
    );
    at += 9_999;
    expect(await rejected()).toBe('0');
    at += 1;
    expect(await rejected()).toBe('1');
  });

  it('read each claim once, of the queue only what is not done, and of the contacts only those of the day', async () => {
    const plan = async (query: Prisma.Sql) =>
      database.consistentRead(async (tx) => {
        const rows = await tx.$queryRaw<Record<string, string>[]>(Prisma.sql`EXPLAIN ${query}`);
        return rows.map((row) => row['QUERY PLAN']).join('\n');
      });
    expect(await plan(countQueue(new Date(), new Date()))).not.toContain('Seq Scan');
    const topics = await plan(countTopics(jstDate(new Date())));
    expect(topics).toContain('contact_by_time');
    expect(topics).not.toContain('Seq Scan on contact');
    expect((await plan(COUNT_CLAIMS)).match(/Scan/g)).toHaveLength(1);
  });
});
