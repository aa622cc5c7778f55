import { randomUUID } from 'node:crypto';
import { WorkItems, type NewWorkItem } from '../../src/contact/work-items.js';
import type { WorkItemView } from '../../src/contact/work-item.dto.js';
import { systemActor } from '../../src/audit/audit.js';
import { Database } from '../../src/platform/database/database.js';
import { createTestApp, type TestApp } from '../harness/app.js';
import { createStaff, staffToken } from '../harness/staff.js';

interface Body extends WorkItemView {
  readonly item: WorkItemView | null;
  readonly items: WorkItemView[];
  readonly nextCursor: string | null;
  readonly code: string;
}

describe('the work queue', () => {
  let server: TestApp;
  let lead: string;
  const holders: bigint[] = [];
  beforeAll(async () => {
    server = await createTestApp();
    lead = (await staffToken(server, 'team_lead')).token;
    const rows = await server.database.asSuperuser<{ id: string }>(
      `INSERT INTO holder (customer_no, kind, country, language, account_status, identity_status)
       SELECT 'W' || n, 'individual', 'JP', 'ja', 'open', 'none' FROM generate_series(0, 3) AS n RETURNING id`,
    );
    holders.push(...rows.map(({ id }) => BigInt(id)));
  });
  afterAll(() => server.close());
  afterEach(() =>
    server.database.asSuperuser(
      `UPDATE work_item SET status = 'done', outcome = 'settled_elsewhere', done_at = now() WHERE status <> 'done'`,
    ),
  );

  let made = 0;
  const open = (item: Partial<NewWorkItem> = {}) =>
    server.app.get(Database).transaction((tx) =>
      server.app.get(WorkItems, { strict: false }).open(tx, systemActor('a-test'), {
        kind: 'follow_up',
        holderId: null,
        subjectType: 'note',
        subjectId: `N${(made += 1)}`,
        dueOn: '2018-03-12',
        ...item,
      }),
    );
  const post = (path: string, token: string, body?: object) =>
    server.call<Body>('POST', `/v1/work-items/${path}`, {
      token,
      ...(body ? { body } : {}),
      headers: { 'idempotency-key': randomUUID() },
    });
  const list = (query: string, token = lead) => server.call<Body>('GET', `/v1/work-items?${query}`, { token });
  const fallSilent = (id: bigint) =>
    server.database.asSuperuser(
      `WITH off AS (SELECT set_config('session_replication_role', 'replica', false))
       UPDATE work_item SET touched_at = now() - interval '16 minutes' FROM off WHERE id = $1`,
      [id],
    );

  it('opens the same thing once, due on the earlier day, and again when it was done', async () => {
    const first = await open({ subjectId: 'same', dueOn: '2018-03-14' });
    expect(await open({ subjectId: 'same', dueOn: '2018-03-12' })).toBe(first);
    expect((await list('state=open')).body.items).toMatchObject([{ id: String(first), dueOn: '2018-03-12' }]);
    const both = await Promise.all([1, 2, 3, 4].map(() => open({ kind: 'complaint', subjectId: 'same' })));
    expect(new Set(both).size).toBe(1);
    const { body } = await post('next', lead);
    await post(`${body.item?.id}/done`, lead, { outcome: 'resolved' });
    expect(await open({ subjectId: 'same' })).not.toBe(first);
  });

  it('gives twelve people at once twelve different items, the one that is due first to the first', async () => {
    const people = await Promise.all(Array.from({ length: 12 }, () => createStaff(server, 'support_agent')));
    for (let n = 0; n < 12; n += 1) await open();
    const urgent = await open({ dueOn: '2018-03-01' });
    const taken = await Promise.all(people.map(({ token }) => post('next', token)));
    const ids = taken.map(({ body }) => body.item?.id);
    expect(new Set(ids).size).toBe(12);
    expect(ids).toContain(String(urgent));
    expect((await list('state=open')).body.items).toHaveLength(1);
    expect((await list('state=taken')).body.items).toHaveLength(12);
  });

  it('answers the item in hand until it is done, also to parallel calls', async () => {
    const agent = await createStaff(server, 'support_agent');
    await open();
    await open();
    const answers = await Promise.all([1, 2, 3].map(() => post('next', agent.token)));
    expect(new Set(answers.map(({ body }) => body.item?.id)).size).toBe(1);
    const id = answers[0]?.body.item?.id;
    const done = await post(`${id}/done`, agent.token, { outcome: 'unreachable', outcomeText: 'busy' });
    expect(done.body).toMatchObject({ state: 'done', outcome: 'unreachable', takenBy: 'Test support_agent' });
    expect((await post('next', agent.token)).body.item?.id).not.toBe(id);
  });

  it('says that nothing waits, also when what waits is for another day or another role', async () => {
    await open({ dueOn: '2999-01-01' });
    await open({ kind: 'watch_alert' });
    expect(await post('next', lead)).toMatchObject({ status: 200, body: { item: null } });
  });

  it('goes to another after 15 minutes of silence, and not before', async () => {
    const [one, another] = [await createStaff(server, 'support_agent'), await createStaff(server, 'support_agent')];
    const id = await open();
    await post('next', one.token);
    expect((await post('next', another.token)).body.item).toBeNull();
    await fallSilent(id);
    expect((await list('state=taken')).body.items).toEqual([]);
    expect((await post(`${id}/touch`, one.token)).body).toMatchObject({ state: 'taken' });
    expect((await post('next', another.token)).body.item).toBeNull();
    await fallSilent(id);
    expect((await post('next', another.token)).body.item?.id).toBe(String(id));
    for (const command of ['touch', 'hand-back', 'done'])
      expect(
        await post(`${id}/${command}`, one.token, command === 'touch' ? undefined : { outcome: 'resolved' }),
      ).toMatchObject(
        command === 'hand-back' ? { status: 400 } : { status: 409, body: { code: 'work_item_not_in_hand' } },
      );
  });

  it('takes an item back for a later day', async () => {
    const id = await open();
    await post('next', lead);
    expect((await post(`${id}/hand-back`, lead, { dueOn: '2999-01-01' })).body).toMatchObject({
      state: 'open',
      takenBy: null,
      dueOn: '2999-01-01',
    });
    expect((await post('next', lead)).body.item).toBeNull();
  });

  it('hides from people what is about themselves or a relative', async () => {
    const agent = await createStaff(server, 'support_agent');
    await server.database.asSuperuser('UPDATE staff SET customer_no = $2 WHERE id = $1', [agent.staffId, 'W1']);
    await open({ holderId: holders[1] ?? null });
    expect((await post('next', agent.token)).body.item).toBeNull();
    expect((await list('state=open', agent.token)).body.items).toEqual([]);
    const others = await open({ holderId: holders[2] ?? null });
    expect((await post('next', agent.token)).body.item).toMatchObject({ id: String(others), customerNo: 'W2' });
  });

  it('lists holds that wait for compliance alone, so that no other list betrays the confidential ones by what it lacks', async () => {
    await open({ kind: 'hold_release' });
    const seenBy = async (role: 'claims_officer' | 'team_lead' | 'auditor' | 'compliance') =>
      (await list('kind=hold_release', (await staffToken(server, role)).token)).body.items.length;
    expect(await Promise.all((['claims_officer', 'team_lead', 'auditor'] as const).map(seenBy))).toEqual([0, 0, 0]);
    expect(await seenBy('compliance')).toBe(1);
    const officer = (await staffToken(server, 'claims_officer')).token;
    expect((await post('next', officer)).body.item?.kind).toBe('hold_release');
  });

  it('pages through the list, newest first', async () => {
    for (let n = 0; n < 3; n += 1) await open({ kind: 'complaint' });
    const first = await list('kind=complaint&state=open&limit=2');
    const rest = await list(`kind=complaint&state=open&limit=2&cursor=${first.body.nextCursor}`);
    const ids = [...first.body.items, ...rest.body.items].map(({ id }) => Number(id));
    expect(ids).toHaveLength(3);
    expect(ids).toEqual(ids.toSorted((a, b) => b - a));
    expect(rest.body.nextCursor).toBeNull();
  });

  it('records who opened, handed back and finished, and never twice', async () => {
    const id = await open();
    await open({ subjectId: `N${made}` });
    await post('next', lead);
    await post(`${id}/hand-back`, lead, {});
    await post('next', lead);
    const key = { 'idempotency-key': randomUUID() };
    const done = () =>
      server.call<Body>('POST', `/v1/work-items/${id}/done`, { token: lead, body: { outcome: 'kept' }, headers: key });
    expect((await done()).body).toEqual((await done()).body);
    const events = await server.database.asSuperuser<{ action: string }>(
      `SELECT action FROM audit_event WHERE subject_type = 'work_item' AND subject_id = $1 ORDER BY id`,
      [String(id)],
    );
    expect(events.map(({ action }) => action)).toEqual(['work_item.opened', 'work_item.handed_back', 'work_item.done']);
  });

  it.each([
    ['done', { outcome: 'settled_elsewhere' }, 400, 'validation_failed'],
    ['done', { outcome: 'resolved', outcomeText: 'x'.repeat(2001) }, 400, 'validation_failed'],
    ['done', { outcome: 'resolved', status: 'open' }, 400, 'validation_failed'],
    ['hand-back', { dueOn: '2018-3-4' }, 400, 'validation_failed'],
    ['hand-back', { dueOn: '2018-02-31' }, 400, 'validation_failed'],
  ])('refuses %s with %j', async (command, body, status, code) => {
    const id = await open();
    await post('next', lead);
    expect(await post(`${id}/${command}`, lead, body)).toMatchObject({ status, body: { code } });
    expect((await list('state=taken')).body.items).toHaveLength(1);
  });

  it.each(['0', '999999', '1e3', '%27', '99999999999999999999'])('finds no item %s', async (id) => {
    expect(await post(`${id}/touch`, lead)).toMatchObject({ status: 404, body: { code: 'work_item_not_found' } });
  });

  describe('in the database, whatever the application does', () => {
    const refusedBy = (sql: string, params: unknown[]) =>
      server.database.asApp(sql, params).then(
        () => 'done',
        (error: { constraint?: string; code?: string }) => error.constraint ?? error.code,
      );

    it('an item is in one pair of hands, and a person has one', async () => {
      const [one, another] = [await createStaff(server, 'support_agent'), await createStaff(server, 'support_agent')];
      const [id, second] = [await open(), await open()];
      await post('next', one.token);
      const take = `UPDATE work_item SET status = 'taken', taken_by = $2, taken_at = now(), touched_at = now() WHERE id = $1`;
      expect(await refusedBy(take, [id, another.staffId])).toBe('work_item_in_one_hand');
      expect(await refusedBy(take, [second, one.staffId])).toBe('work_item_one_in_hand');
      const finish = `UPDATE work_item SET status = 'done', done_by = $2, done_at = now(), outcome = 'resolved' WHERE id = $1`;
      expect(await refusedBy(finish, [id, another.staffId])).toBe('work_item_done_by_its_taker');
      expect(await refusedBy(finish, [second, another.staffId])).toBe('work_item_state');
      expect(await refusedBy(finish, [id, one.staffId])).toBe('done');
      expect(await refusedBy(`UPDATE work_item SET due_on = '2018-01-01' WHERE id = $1`, [id])).toBe('work_item_state');
    });

    it('nobody takes what is about themselves', async () => {
      const agent = await createStaff(server, 'support_agent');
      await server.database.asSuperuser('UPDATE staff SET customer_no = $2 WHERE id = $1', [agent.staffId, 'W3']);
      const id = await open({ holderId: holders[3] ?? null });
      expect(
        await refusedBy(
          `UPDATE work_item SET status = 'taken', taken_by = $2, taken_at = now(), touched_at = now() WHERE id = $1`,
          [id, agent.staffId],
        ),
      ).toBe('work_item_not_about_oneself');
    });

    it('what it is about never changes, its times are no one’s choice, and it is never removed', async () => {
      const id = await open();
      expect(await refusedBy(`UPDATE work_item SET subject_id = 'x' WHERE id = $1`, [id])).toBe('42501');
      expect(await refusedBy(`DELETE FROM work_item WHERE id = $1`, [id])).toBe('42501');
      await post('next', lead);
      await server.database.asApp(`UPDATE work_item SET touched_at = now() + interval '1 year' WHERE id = $1`, [id]);
      const [row] = await server.database.asSuperuser<{ past: boolean }>(
        `SELECT touched_at <= now() AS past FROM work_item WHERE id = $1`,
        [id],
      );
      expect(row?.past).toBe(true);
    });
  });
});
