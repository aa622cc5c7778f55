import { createStaff, staffToken, type TestStaff } from '../harness/staff.js';
import type { RecordedRepresentativeView, RepresentativeView } from '../../src/holder/representative.dto.js';
import type { BatchWorld } from '../credit-batch/batches.js';
import { callsOf, createCallWorld, phoneOf, WHO, type Calls } from './calls.js';

const GUARDIAN = { kind: 'guardian', name: '佐藤 花子', papers: '登記事項証明書', validFrom: '2018-03-01' };

describe('representatives', () => {
  let world: BatchWorld;
  let agent: Calls;
  let recorder: TestStaff;
  let lead: Calls;
  beforeAll(async () => {
    world = await createCallWorld(6);
    recorder = await staffToken(world.server, 'support_agent');
    agent = callsOf(world, recorder.token);
    lead = callsOf(world, (await staffToken(world.server, 'team_lead')).token);
  });
  afterAll(() => world.server.close());

  type Recorded = RecordedRepresentativeView & { code?: string };
  const record = (customerNo: string, given: object = GUARDIAN, calls = agent) =>
    calls.post<Recorded>(`/v1/holders/${customerNo}/representatives`, given);
  const decide = (calls: Calls, { approvalRequest }: Recorded, decision = 'approve') =>
    calls.post<{ code?: string }>(`/v1/approval-requests/${approvalRequest.id}/decisions`, {
      decision,
      reason: 'compared with the papers',
    });
  const confirmed = async (customerNo: string, given: object = GUARDIAN) => {
    const { body } = await record(customerNo, given);
    expect((await decide(lead, body)).status).toBe(200);
    return body.representative.id;
  };

  it('are spoken to once another person has confirmed exactly what was recorded', async () => {
    const { status, body } = await record('C1');
    expect([status, body.representative]).toMatchObject([201, { name: '佐* 花*', status: 'proposed', valid: false }]);
    const call = { customerNo: 'C1', caller: 'representative', representativeId: body.representative.id };
    expect((await agent.open(call)).body.code).toBe('representative_not_in_force');
    const shown = await lead.get<{ preview: object }>(`/v1/approval-requests/${body.approvalRequest.id}`);
    expect(shown.body.preview).toMatchObject({ customerNo: 'C1', name: '佐藤 花子', papers: '登記事項証明書' });
    await decide(lead, body);
    expect((await agent.page('C1')).representatives).toMatchObject([
      { name: '佐* 花*', status: 'confirmed', valid: true },
    ]);
    const opened = await agent.open(call);
    expect(opened.body).toMatchObject({ caller: 'representative', representativeId: body.representative.id });
    const checked = await agent.check(opened.body.id, { birthDate: WHO.birthDate, phone: phoneOf(1) });
    expect(checked.body.passed).toBe(true);
    expect(await agent.page('C1')).toMatchObject({ name: WHO.name, representatives: [{ name: '佐藤 花子' }] });
    const ended = await lead.post(`/v1/representatives/${body.representative.id}/end`, { reason: '後見の終了' });
    expect(ended.body).toMatchObject({ status: 'ended', valid: false });
    // What the passed check opened goes with the right to be told.
    expect(await agent.page('C1')).toMatchObject({ name: '佐* 誠', call: { mayBeTold: [] }, representatives: [] });
    await agent.close(opened.body.id);
  });

  it('are confirmed by nobody who recorded them, in the database too', async () => {
    const own = await staffToken(world.server, 'team_lead');
    const { body } = await record('C2', GUARDIAN, lead);
    expect((await decide(lead, body)).body.code).toBe('maker_cannot_check');
    const confirm = `UPDATE representative SET status = 'confirmed' WHERE id = ${body.representative.id}`;
    await expect(world.server.database.asApp(confirm)).rejects.toMatchObject({
      constraint: 'representative_needs_another',
    });
    await expect(
      world.server.database.asSuperuser(
        `SET session_replication_role = replica; UPDATE representative SET status = 'confirmed', confirmed_by = '${own.staffId}' WHERE id = ${body.representative.id}`,
      ),
    ).rejects.toMatchObject({ constraint: 'representative_confirmed_by_another' });
    // An approved request of somebody else about the same thing counts for nothing.
    await world.server.database.asSuperuser(
      `WITH off AS (SELECT set_config('session_replication_role', 'replica', false)),
       asked AS (UPDATE approval_request SET maker_id = '${recorder.staffId}', status = 'approved', closed_at = now() FROM off WHERE approval_request.id = '${body.approvalRequest.id}' RETURNING approval_request.id, maker_id)
       INSERT INTO approval_decision (request_id, maker_id, checker_id, decision) SELECT id, maker_id, '${own.staffId}', 'approve' FROM asked`,
    );
    await expect(world.server.database.asApp(confirm)).rejects.toMatchObject({
      constraint: 'representative_needs_another',
    });
  });

  it('that were refused, or whose days are over, are not spoken to', async () => {
    const { body } = await record('C3');
    await decide(lead, body, 'refuse');
    expect((await agent.page('C3')).representatives).toEqual([]);
    const past = await confirmed('C3', { ...GUARDIAN, kind: 'lawyer', validTo: '2018-12-31' });
    expect((await agent.page('C3')).representatives).toMatchObject([{ status: 'confirmed', valid: false }]);
    const call = { customerNo: 'C3', caller: 'lawyer', representativeId: past };
    expect((await agent.open(call)).body.code).toBe('representative_not_in_force');
    await expect(
      world.server.database.asApp(
        `INSERT INTO contact (channel, direction, caller, holder_id, representative_id, staff_id) SELECT 'phone', 'inbound', 'lawyer', holder_id, id, $1 FROM representative WHERE id = ${past}`,
        [recorder.staffId],
      ),
    ).rejects.toMatchObject({ constraint: 'contact_with_valid_representative' });
  });

  it('speak for their own holder only, and not as the holder', async () => {
    const id = await confirmed('C4');
    for (const wrong of [
      { customerNo: 'C5', caller: 'representative' },
      { customerNo: 'C4', caller: 'self' },
      { caller: 'representative' },
    ])
      expect((await agent.open({ ...wrong, representativeId: id })).body.code).toBe('representative_does_not_fit');
  });

  it.each([
    ['days in reverse', { ...GUARDIAN, validTo: '2018-02-28' }, 'representative_days_reversed'],
    ['a day that is none', { ...GUARDIAN, validFrom: '2018-02-30' }, 'validation_failed'],
    ['a name that turns the direction of reading', { ...GUARDIAN, name: '花子\u202e佐藤' }, 'validation_failed'],
    ['no papers', { ...GUARDIAN, papers: ' ' }, 'validation_failed'],
    ['a state of its own', { ...GUARDIAN, status: 'confirmed' }, 'validation_failed'],
    ['another kind', { ...GUARDIAN, kind: 'friend' }, 'validation_failed'],
  ])('with %s are refused, and nothing is left behind', async (_what, given, code) => {
    const count = () => world.server.database.asSuperuser('SELECT count(*) FROM representative');
    const before = await count();
    expect(await record('C5', given)).toMatchObject({ status: 400, body: { code } });
    expect(await count()).toEqual(before);
  });

  it('of oneself or of nobody answer alike, and the database refuses them', async () => {
    const own = await createStaff(world.server, 'support_agent', { customerNo: 'C6' });
    for (const customerNo of ['C6', 'C999'])
      expect((await record(customerNo, GUARDIAN, callsOf(world, own.token))).body.code).toBe('holder_not_found');
    await expect(
      world.server.database.asApp(
        `INSERT INTO representative (holder_id, kind, name, papers, valid_from, recorded_by) SELECT id, 'heir', 'X', 'Y', '2018-01-01', $1 FROM holder WHERE customer_no = 'C6'`,
        [own.staffId],
      ),
    ).rejects.toMatchObject({ constraint: 'representative_not_of_oneself' });
    const id = await confirmed('C6');
    const end = await callsOf(world, own.token).post<RepresentativeView & { code?: string }>(
      `/v1/representatives/${id}/end`,
      { reason: 'x' },
    );
    expect(end.body.code).toBe('representative_not_found');
    for (const sql of [
      'DELETE FROM representative',
      `UPDATE representative SET name = 'Z'`,
      'UPDATE representative SET confirmed_by = recorded_by',
    ])
      await expect(world.server.database.asApp(sql)).rejects.toMatchObject({ code: '42501' });
  });
});
