import type { BatchWorld } from '../credit-batch/batches.js';
import { createStaff, staffToken } from '../harness/staff.js';
import type { HolderSearchView } from '../../src/call-centre/search.views.js';
import type { WorkItemPage } from '../../src/contact/work-item.dto.js';
import { callsOf, createCallWorld, type Calls } from './calls.js';

describe('contacts', () => {
  let world: BatchWorld;
  let agent: Calls;
  let colleague: Calls;
  let lead: Calls;
  let compliance: Calls;
  beforeAll(async () => {
    world = await createCallWorld(6);
    agent = callsOf(world, (await staffToken(world.server, 'support_agent')).token);
    colleague = callsOf(world, (await createStaff(world.server, 'support_agent')).token);
    lead = callsOf(world, (await staffToken(world.server, 'team_lead')).token);
    compliance = callsOf(world, (await staffToken(world.server, 'compliance')).token);
  });
  afterAll(() => world.server.close());

  const sql = (text: string, params: unknown[] = []) => world.server.database.asSuperuser(text, params);
  const complain = (id: string, calls = agent) =>
    calls.post<{ code?: string; complaint: object }>(`/v1/contacts/${id}/complaint`, {
      category: 'delay',
      dueOn: '2018-03-16',
    });
  const actions = async (customerNo: string, calls = agent) =>
    (await calls.page(customerNo)).actions.map(({ name }) => name);

  it('tell two agents on one holder of each other', async () => {
    const first = await agent.open({ customerNo: 'C1' });
    expect(first.body).toMatchObject({ customerNo: 'C1', alsoHere: [] });
    const second = await colleague.open({ customerNo: 'C1', channel: 'mail' });
    expect(second.body.alsoHere).toMatchObject([{ agent: 'Test support_agent', channel: 'phone' }]);
    expect((await agent.page('C1')).alsoHere).toMatchObject([{ channel: 'mail', since: second.body.openedAt }]);
    await colleague.close(second.body.id);
    expect((await agent.page('C1')).alsoHere).toEqual([]);
    await agent.close(first.body.id);
  });

  it('of compliance are told to nobody else', async () => {
    const { body: call } = await compliance.open({ customerNo: 'C1' });
    const mine = await agent.open({ customerNo: 'C1' });
    expect([mine.body.alsoHere, (await agent.page('C1')).alsoHere]).toEqual([[], []]);
    expect((await agent.show(call.id)).body.code).toBe('contact_not_found');
    await agent.close(mine.body.id);
  });

  it('are closed once with topic and outcome, and the last three are on the page', async () => {
    for (const topic of ['amount', 'threat', 'distress', 'lawyer']) {
      const { body } = await agent.open({ customerNo: 'C2' });
      const closed = await agent.close(body.id, { topic, outcome: 'handed_over' });
      expect(closed.body).toMatchObject({ topic, outcome: 'handed_over' });
    }
    const { lastContacts } = await colleague.page('C2');
    expect(lastContacts.map(({ topic }) => topic)).toEqual(['lawyer', 'distress', 'threat']);
  });

  it('are named in the hits of a search, but for those of compliance', async () => {
    const hit = async (calls: Calls) =>
      (await calls.get<HolderSearchView>('/v1/holders/search?q=C5')).body.items[0]?.lastContact;
    expect(await hit(agent)).toBeNull();
    await agent.open({ customerNo: 'C5' });
    const { body: last } = await colleague.open({ customerNo: 'C5', channel: 'mail' });
    const { body: hidden } = await compliance.open({ customerNo: 'C5' });
    expect(await hit(lead)).toEqual({ at: last.openedAt, channel: 'mail' });
    expect(await hit(compliance)).toEqual({ at: hidden.openedAt, channel: 'phone' });
  });

  it('offer what can be done within them, each at a route that takes it', async () => {
    const { body: call } = await agent.open({ customerNo: 'C6' });
    const { actions: offered } = await agent.page('C6');
    const within = (what: string) => ({ method: 'POST', href: `/v1/contacts/${call.id}/${what}` });
    expect(offered.slice(0, 4)).toEqual([
      { name: 'check_caller', ...within('caller-check') },
      { name: 'record_complaint', ...within('complaint') },
      { name: 'write_note', ...within('notes') },
      { name: 'close_contact', ...within('close') },
    ]);
    for (const { name, href } of offered.filter(({ method, name }) => method === 'GET' && name !== 'show_proof'))
      expect([name, (await agent.get(href)).status]).toEqual([name, 200]);
    const objection = { claimedQuantityXem: '5', reason: 'more' };
    const { body } = await agent.post<{ objectionNo: string }>('/v1/holders/C6/objections', objection);
    const page = await agent.page('C6');
    expect(page.objections.map(({ objectionNo }) => objectionNo)).toEqual([body.objectionNo]);
    expect(page.actions.map(({ name }) => name)).not.toContain('record_objection');
    const auditor = callsOf(world, (await staffToken(world.server, 'auditor')).token);
    expect(new Set((await auditor.page('C6')).actions.map(({ method }) => method))).toEqual(new Set(['GET']));
    await agent.close(call.id);
  });

  it('may be a complaint: work until it is closed, recorded once', async () => {
    const { body: call } = await agent.open({ customerNo: 'C3' });
    expect(await actions('C3')).toContain('record_complaint');
    expect((await complain(call.id)).body.complaint).toEqual({
      category: 'delay',
      dueOn: '2018-03-16',
      outcome: null,
      closedAt: null,
    });
    expect(await actions('C3')).not.toContain('record_complaint');
    expect(await complain(call.id)).toMatchObject({ status: 409, body: { code: 'complaint_already_recorded' } });
    const items = async () =>
      (await lead.get<WorkItemPage>('/v1/work-items?kind=complaint')).body.items.filter(
        ({ subject }) => subject.id === call.id,
      );
    expect(await items()).toMatchObject([{ customerNo: 'C3', dueOn: '2018-03-16', state: 'open' }]);
    const close = () =>
      lead.post<{ code?: string; complaint: object }>(`/v1/contacts/${call.id}/complaint/close`, {
        outcome: 'explained',
      });
    expect((await close()).body.complaint).toMatchObject({ outcome: 'explained' });
    expect((await close()).body.code).toBe('no_open_complaint');
    expect(await items()).toMatchObject([{ state: 'done', outcome: 'settled_elsewhere' }]);
    await agent.close(call.id);
  });

  it('are counted by day in Japan and topic, without those of compliance', async () => {
    await sql(
      `WITH off AS (SELECT set_config('session_replication_role', 'replica', false)),
       calls AS (INSERT INTO contact (channel, direction, caller, staff_id, topic, outcome, opened_at, closed_at, confidential)
         SELECT 'phone', 'inbound', 'other', (SELECT id FROM staff LIMIT 1), topic::contact_topic, CASE WHEN topic IS NOT NULL THEN 'answered'::contact_outcome END, at::timestamptz,
           CASE WHEN topic IS NOT NULL THEN at::timestamptz END, confidential
         FROM off, (VALUES ('timing', '2018-02-01T14:59:59Z', false), ('timing', '2018-02-01T15:00:00Z', false), ('press', '2018-02-02T14:59:59Z', false),
                    ('timing', '2018-02-02T01:00:00Z', false), (NULL, '2018-02-02T02:00:00Z', false), ('timing', '2018-02-02T03:00:00Z', true),
                    ('timing', '2018-02-02T15:00:00Z', false)) AS given (topic, at, confidential) RETURNING id, topic)
       INSERT INTO complaint (contact_id, category, due_on, recorded_by) SELECT id, 'delay', '2018-03-01', (SELECT id FROM staff LIMIT 1) FROM calls WHERE topic = 'press'`,
    );
    const csv = (from: string, to: string, calls = lead) =>
      calls.get<string>(`/v1/contacts/daily.csv?from=${from}&to=${to}`);
    const { status, body, headers } = await csv('2018-02-02', '2018-02-02');
    expect([status, headers['content-type']]).toEqual([200, 'text/csv; charset=utf-8']);
    expect(body).toBe(
      '\ufeffday,topic,contacts,complaints\r\n2018-02-02,not_recorded,1,0\r\n2018-02-02,press,1,1\r\n2018-02-02,timing,2,0\r\n',
    );
    expect((await csv('2018-02-02', '2018-02-02', compliance)).body).toBe(body);
    for (const [from, to] of [
      ['2018-02-02', '2018-02-01'],
      ['2018-01-01', '2019-01-02'],
    ] as const)
      expect((await csv(from, to)).body).toMatchObject({ code: 'days_out_of_range' });
  });

  it('about oneself are no one’s, in the database too', async () => {
    const staff = await createStaff(world.server, 'support_agent', { customerNo: 'C4' });
    const { body: call } = await agent.open({ customerNo: 'C4' });
    expect((await complain(call.id, callsOf(world, staff.token))).body.code).toBe('contact_not_found');
    const refused = async (text: string, constraint: string) =>
      expect(world.server.database.asApp(text, [staff.staffId])).rejects.toMatchObject({ constraint });
    await refused(
      `INSERT INTO contact (channel, direction, caller, holder_id, staff_id) SELECT 'phone', 'inbound', 'self', id, $1 FROM holder WHERE customer_no = 'C4'`,
      'contact_not_about_oneself',
    );
    await refused(
      `INSERT INTO complaint (contact_id, category, due_on, recorded_by) VALUES (${call.id}, 'delay', '2018-03-01', $1)`,
      'complaint_not_about_oneself',
    );
    await agent.close(call.id);
  });
});
