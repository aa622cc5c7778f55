import { createTestApp, type TestApp } from '../harness/app.js';
import { createStaff, staffToken, type TestStaff } from '../harness/staff.js';

interface Revealed {
  readonly phone?: string;
  readonly name?: string;
  readonly remainingThisHour: number;
  readonly code: string;
}

const WHY = { reason: '折り返しのお電話のため', reference: 'CALL-1' };

describe('revealing personal fields', () => {
  let server: TestApp;
  let agent: TestStaff;
  beforeAll(async () => {
    server = await createTestApp();
    agent = await createStaff(server, 'support_agent');
    await server.database.asSuperuser(
      `INSERT INTO holder (customer_no, kind, name, name_kana, email, phone, birth_date, country, language, account_status, identity_status)
       SELECT 'R' || n, 'individual', '佐藤 ' || n, 'サトウ', 'r' || n || '@example.test', '090-1111-' || lpad(n::text, 4, '0'), '1980-01-31', 'JP', 'ja', 'open', 'verified'
       FROM generate_series(1, 90) AS n`,
    );
  });
  afterAll(() => server.close());

  const reveal = (customerNo: string, body: object = { fields: ['phone'], ...WHY }, token = agent.token) =>
    server.call<Revealed>('POST', `/v1/holders/${customerNo}/reveal`, { token, body });
  const events = (action: string, actorId: string) =>
    server.database.asSuperuser<{ after: object }>(
      'SELECT after FROM audit_event WHERE action = $1 AND actor_id = $2',
      [action, actorId],
    );

  it('[21] shows what was asked for and no more, and is on record without the values', async () => {
    const { status, body, headers } = await reveal('R7');
    expect([status, headers['cache-control']]).toEqual([200, 'no-store']);
    expect(body).toEqual({ phone: '090-1111-0007', remainingThisHour: 59 });
    const recorded = await events('holder.revealed', agent.staffId);
    expect(recorded.map(({ after }) => after)).toEqual([{ fields: ['phone'], ...WHY }]);
  });

  it.each([
    ['no fields', { fields: [], ...WHY }],
    ['a field that is not there', { fields: ['password'], ...WHY }],
    ['no reason', { fields: ['phone'], reason: '     ', reference: 'x' }],
    ['no reference', { fields: ['phone'], reason: 'because of a call' }],
  ])('refuses %s and records nothing', async (_what, body) => {
    const before = await events('holder.revealed', agent.staffId);
    expect(await reveal('R8', body)).toMatchObject({ status: 400, body: { code: 'validation_failed' } });
    expect(await events('holder.revealed', agent.staffId)).toEqual(before);
  });

  it('[11] of oneself, a relative or nobody answers alike', async () => {
    const own = await createStaff(server, 'support_agent');
    await server.database.asSuperuser(`UPDATE staff SET customer_no = 'R9' WHERE id = $1`, [own.staffId]);
    for (const customerNo of ['R9', 'R999']) {
      expect(await reveal(customerNo, undefined, own.token)).toMatchObject({
        status: 404,
        body: { code: 'holder_not_found' },
      });
    }
    await expect(
      server.database.asApp(
        `INSERT INTO reveal (holder_id, staff_id, fields, reason, reference) SELECT id, $1, '{phone}', 'because', 'x' FROM holder WHERE customer_no = 'R9'`,
        [own.staffId],
      ),
    ).rejects.toMatchObject({ code: 'HK001', constraint: 'reveal_not_of_oneself' });
  });

  it('[21] ends at sixty an hour, however many are sent at once, and the database agrees', async () => {
    const eager = await createStaff(server, 'support_agent');
    const answers = await Promise.all(
      Array.from({ length: 66 }, (_, n) => reveal(`R${((n * 37) % 90) + 1}`, undefined, eager.token)),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(60);
    expect(answers.find(({ status }) => status === 429)?.body.code).toBe('reveal_cap_reached');
    await expect(
      server.database.asApp(
        `INSERT INTO reveal (holder_id, staff_id, fields, reason, reference) SELECT min(id), $1, '{phone}', 'because', 'x' FROM holder`,
        [eager.staffId],
      ),
    ).rejects.toMatchObject({ code: 'HK001', constraint: 'reveal_hourly_cap' });
    await expect(server.database.asApp('UPDATE reveal SET reason = reason')).rejects.toMatchObject({ code: '42501' });
  });

  it('[21] one holder after the other raises an alarm', async () => {
    const walker = await createStaff(server, 'support_agent');
    for (const n of [40, 41, 42, 43]) await reveal(`R${n}`, undefined, walker.token);
    expect(await events('holder.walked', walker.staffId)).toEqual([]);
    await reveal('R44', undefined, walker.token);
    expect(await events('holder.walked', walker.staffId)).toHaveLength(1);
  });

  it('is not for auditors', async () => {
    expect((await reveal('R1', undefined, (await staffToken(server, 'auditor')).token)).status).toBe(403);
  });
});
