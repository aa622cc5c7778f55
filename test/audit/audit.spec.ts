import { Audit, systemActor } from '../../src/audit/audit.js';
import { Database } from '../../src/platform/database/database.js';
import type { Json } from '../../src/platform/json.js';
import { createTestApp, type TestApp } from '../harness/app.js';
import { staffToken } from '../harness/staff.js';

interface Event {
  readonly id: string;
  readonly action: string;
}

describe('the audit trail', () => {
  let server: TestApp;
  let audit: Audit;
  let database: Database;
  let token: string;
  beforeAll(async () => {
    server = await createTestApp();
    audit = server.app.get(Audit, { strict: false });
    database = server.app.get(Database, { strict: false });
    ({ token } = await staffToken(server, 'auditor'));
  });
  afterAll(() => server.close());

  const record = (action: string, subjectId: string, after?: Json) =>
    database.transaction((tx) =>
      audit.record(tx, systemActor('a-test'), {
        action,
        subjectType: 'thing',
        subjectId,
        ...(after === undefined ? {} : { after }),
      }),
    );
  const list = (query: string) =>
    server.call<{ items: Event[]; nextCursor: string | null }>('GET', `/v1/audit/events?${query}`, { token });

  it('shows who did what to what, under which request, newest first', async () => {
    await record('thing.made', '1', { status: 'new' });
    await database.transaction((tx) =>
      audit.record(tx, systemActor('a-test'), {
        action: 'thing.changed',
        subjectType: 'thing',
        subjectId: '1',
        before: { status: 'new' },
        after: { status: 'old' },
        rows: { count: 260000n, sumJpy: 46_311_127_000n, digest: 'a3'.repeat(32) },
      }),
    );
    const { body } = await list('subjectType=thing&subjectId=1');
    expect(body.items).toEqual([
      {
        id: expect.any(String),
        occurredAt: expect.stringMatching(/^\d{4}-.*Z$/),
        actorId: 'system',
        actorRole: 'system',
        action: 'thing.changed',
        subjectType: 'thing',
        subjectId: '1',
        requestId: 'job:a-test',
        before: { status: 'new' },
        after: { status: 'old' },
        rowCount: '260000',
        sumJpy: '46311127000',
        rowsDigest: 'a3'.repeat(32),
      },
      expect.objectContaining({
        action: 'thing.made',
        before: null,
        after: { status: 'new' },
        rowCount: null,
        sumJpy: null,
        rowsDigest: null,
      }),
    ]);
  });

  it('is found by subject, action and actor, page by page', async () => {
    for (let n = 1; n <= 7; n += 1) await record(n % 2 ? 'thing.odd' : 'thing.even', 'many');
    const first = await list('subjectId=many&limit=3');
    const second = await list(`subjectId=many&limit=3&cursor=${first.body.nextCursor}`);
    const third = await list(`subjectId=many&limit=3&cursor=${second.body.nextCursor}`);
    const actions = [first, second, third].map(({ body }) =>
      body.items.map(({ action }) => action.replace('thing.', '')),
    );
    expect(actions).toEqual([['odd', 'even', 'odd'], ['even', 'odd', 'even'], ['odd']]);
    expect(third.body.nextCursor).toBeNull();
    expect((await list('subjectId=many&action=thing.even')).body.items).toHaveLength(3);
    expect((await list('subjectId=many&actorId=system')).body.items).toHaveLength(7);
    expect((await list('subjectId=many&actorId=somebody')).body.items).toEqual([]);
  });

  it.each([
    'limit=0',
    'limit=101',
    'limit=1.5',
    'cursor=x',
    `cursor=${Buffer.from('k:x').toString('base64url')}`,
    'subjectType=A',
    'action=%27',
    'actorId=',
    'before=1',
    'actorId=a&actorId=b',
  ])('refuses the query %s with 400', async (query) => {
    expect((await list(query)).status).toBe(400);
  });

  it('is for auditors', async () => {
    for (const role of ['administrator', 'compliance', 'finance_checker'] as const) {
      const answer = await server.call('GET', '/v1/audit/events', { token: (await staffToken(server, role)).token });
      expect(answer).toMatchObject({ status: 403, body: { code: 'forbidden', roles: ['auditor'] } });
    }
    expect((await server.call('GET', '/v1/audit/events')).status).toBe(401);
  });

  it('belongs to the transaction of the change: neither is without the other', async () => {
    const change = database.transaction(async (tx) => {
      await audit.record(tx, systemActor('a-test'), {
        action: 'thing.rolled_back',
        subjectType: 'thing',
        subjectId: 'gone',
      });
      throw new Error('the change failed');
    });
    await expect(change).rejects.toThrow('the change failed');
    expect((await list('subjectId=gone')).body.items).toEqual([]);
  });

  it.each([
    { name: '田中' },
    { holder: { nameKana: 'タナカ' } },
    { changes: [{ birth_date: '1980-01-01' }] },
    { email: 'a@example.jp' },
    { phone: '03' },
    { password: 'x' },
    { activationToken: 'x' },
  ])('takes no personal data and no secret: %j', async (after) => {
    await expect(record('thing.changed', 'personal', after)).rejects.toThrow('an audit event must not carry');
    expect((await list('subjectId=personal')).body.items).toEqual([]);
  });
});
