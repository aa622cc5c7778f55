import { createStaff, staffToken } from '../harness/staff.js';
import type { BatchWorld } from '../credit-batch/batches.js';
import { callsOf, createCallWorld, mailOf, passedCall, phoneOf, WHO, type Calls } from './calls.js';

describe('is the caller who they say?', () => {
  let world: BatchWorld;
  let agent: Calls;
  let colleague: Calls;
  let agentId: string;
  beforeAll(async () => {
    world = await createCallWorld(12);
    const first = await staffToken(world.server, 'support_agent');
    agentId = first.staffId;
    agent = callsOf(world, first.token);
    colleague = callsOf(world, (await createStaff(world.server, 'support_agent')).token);
  });
  afterAll(() => world.server.close());

  const sql = (text: string, params: unknown[] = []) => world.server.database.asSuperuser(text, params);
  const events = (contactId: string) =>
    sql(`SELECT action, after FROM audit_event WHERE subject_type = 'contact' AND subject_id = $1 ORDER BY id`, [
      contactId,
    ]);

  it.each([
    ['in other writing', { birthDate: '1980年1月31日', phone: '+81 90 1234 5601' }],
    ['in full width and capitals', { birthDate: '19800131', email: ' MAKOTO1@EXAMPLE.TEST ' }],
    ['with one of three wrong', { birthDate: '1980/1/31', phone: '09012345601', email: 'old@example.test' }],
  ])('two that agree %s pass', async (_how, said) => {
    const { body: call } = await agent.open({ customerNo: 'C1' });
    const { status, body, headers } = await agent.check(call.id, said);
    expect([status, headers['cache-control']]).toEqual([200, 'no-store']);
    expect(body).toMatchObject({ passed: true, failed: 0, locked: false, remaining: 0 });
    expect((await agent.check(call.id, said)).body.code).toBe('caller_check_passed');
    await agent.close(call.id);
  });

  it('answers per field, never with what is stored, and puts on record what was compared but not what was said', async () => {
    const { body: call } = await agent.open({ customerNo: 'C2' });
    const said = { birthDate: '1980-01-31', phone: '090-0000-0000' };
    const { body } = await agent.check(call.id, said);
    expect(body).toEqual({
      passed: false,
      failed: 1,
      locked: false,
      remaining: 2,
      matches: { birthDate: true, phone: false, email: null },
    });
    const recorded = await events(call.id);
    expect(recorded.map(({ action }) => action as string)).toEqual(['contact.opened', 'caller_check.failed']);
    expect(JSON.stringify(recorded)).toContain('"compared":["birthDate","phone"]');
    expect(JSON.stringify(recorded)).not.toMatch(/1980|0000-0000/);
    await agent.close(call.id);
  });

  it('what is not on record agrees with nothing, and looks like what is wrong', async () => {
    await sql(`UPDATE holder SET phone = NULL, email = NULL, birth_date = NULL WHERE customer_no = 'C3'`);
    const { body: call } = await agent.open({ customerNo: 'C3' });
    const { body } = await agent.check(call.id, { birthDate: 'not a date', phone: '---', email: 'x@example.test' });
    expect(body.matches).toEqual({ birthDate: false, phone: false, email: false });
    await agent.close(call.id);
  });

  it('opens name and kana for this contact and this agent only, while it is open', async () => {
    const masked = { name: '佐* 誠', nameKana: 'サ** マ**' };
    expect(await agent.page('C4')).toMatchObject({ ...masked, call: null });
    const id = await passedCall(agent, 4);
    const opened = await agent.page('C4');
    expect(opened).toMatchObject({
      name: WHO.name,
      nameKana: WHO.nameKana,
      email: 'M***@***.test',
      phone: '***-****-**04',
      call: { contactId: id, callerCheck: { passed: true }, mayBeTold: ['name', 'nameKana', 'amountJpy'] },
    });
    expect(await colleague.page('C4')).toMatchObject({ ...masked, call: null });
    expect(await agent.page('C5')).toMatchObject(masked);
    await agent.close(id);
    expect(await agent.page('C4')).toMatchObject({ ...masked, call: null });
  });

  it('ends by itself after an hour, also what it opened', async () => {
    const id = await passedCall(agent, 5);
    await sql(`SET session_replication_role = replica; UPDATE contact SET expires_at = now() WHERE id = ${id}`);
    expect(await agent.page('C5')).toMatchObject({ name: '佐* 誠', call: null });
    expect((await agent.check(id, { birthDate: 'x', phone: 'y' })).body.code).toBe('contact_over');
    expect((await agent.close(id)).status).toBe(200);
    expect((await agent.close(id)).body.code).toBe('contact_over');
  });

  it('three that failed lock the contact, six within a day the holder, and the next agent is warned', async () => {
    const wrong = { birthDate: '1999-09-09', phone: '0' };
    for (const calls of [agent, colleague]) {
      const { body: call } = await calls.open({ customerNo: 'C6' });
      for (const left of [2, 1, 0]) {
        const { body } = await calls.check(call.id, wrong);
        expect(body).toMatchObject({ passed: false, locked: left === 0, remaining: left });
      }
      const right = { birthDate: WHO.birthDate, phone: phoneOf(6) };
      expect(await calls.check(call.id, right)).toMatchObject({ status: 409, body: { code: 'caller_check_locked' } });
      expect((await calls.page('C6')).actions.map(({ name }) => name)).not.toContain('check_caller');
      await calls.close(call.id, { topic: 'fraud', outcome: 'broken_off' });
      expect(await agent.page('C6')).toMatchObject({ callerCheckLocked: true });
    }
    const { body: third } = await agent.open({ customerNo: 'C6' });
    const answer = await agent.check(third.id, { birthDate: WHO.birthDate, phone: phoneOf(6) });
    expect(answer).toMatchObject({ status: 429, body: { code: 'caller_check_throttled' } });
    expect(answer.headers['retry-after']).toBe('3600');
    await agent.close(third.id);
  });

  it('of many at once on one contact, three count', async () => {
    const { body: call } = await agent.open({ customerNo: 'C7' });
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, n) => agent.check(call.id, { birthDate: `1970-01-0${n + 1}`, phone: '1' })),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(3);
    expect(await sql('SELECT count(*)::int AS n FROM caller_check WHERE contact_id = $1', [call.id])).toEqual([
      { n: 3 },
    ]);
    await agent.close(call.id);
  });

  it('is made 30 times an hour by one person', async () => {
    const eager = await createStaff(world.server, 'support_agent');
    await sql(
      `WITH off AS (SELECT set_config('session_replication_role', 'replica', false)),
       calls AS (INSERT INTO contact (channel, direction, caller, holder_id, staff_id) SELECT 'phone', 'inbound', 'self', h.id, $1 FROM off, holder h, generate_series(1, 3) RETURNING id, holder_id)
       INSERT INTO caller_check (contact_id, holder_id, staff_id, birth_date_matches, phone_matches) SELECT id, holder_id, $1, true, true FROM calls LIMIT 30`,
      [eager.staffId],
    );
    const calls = callsOf(world, eager.token);
    const { body: call } = await calls.open({ customerNo: 'C8' });
    expect(await calls.check(call.id, { birthDate: WHO.birthDate, phone: phoneOf(8) })).toMatchObject({
      status: 429,
      body: { code: 'caller_check_throttled' },
    });
  });

  it('is only for those who may be told something', async () => {
    const said = { birthDate: WHO.birthDate, email: mailOf(9) };
    for (const caller of ['press', 'police', 'other', 'lawyer'] as const) {
      const { body: call } = await agent.open({ customerNo: 'C9', caller });
      expect(await agent.check(call.id, said)).toMatchObject({ status: 409, body: { code: 'caller_not_entitled' } });
      expect((await agent.page('C9')).actions.map(({ name }) => name)).not.toContain('check_caller');
      await agent.close(call.id);
    }
    const { body: nobody } = await agent.open();
    expect((await agent.check(nobody.id, said)).body.code).toBe('caller_not_entitled');
    await sql(`UPDATE holder SET account_status = 'deceased' WHERE customer_no = 'C9'`);
    const { body: dead } = await agent.open({ customerNo: 'C9' });
    expect((await agent.check(dead.id, said)).body.code).toBe('caller_not_entitled');
  });

  it.each([
    ['one thing only', { birthDate: '1980-01-31' }, 'caller_check_too_little'],
    ['nothing', {}, 'caller_check_too_little'],
    ['blanks', { birthDate: ' ', phone: ' ' }, 'validation_failed'],
    ['another kind', { birthDate: 19800131, phone: '1' }, 'validation_failed'],
    ['an address, which is not on record', { birthDate: '1980-01-31', address: '東京都' }, 'validation_failed'],
    ['10,000 characters', { birthDate: '1'.repeat(10_000), phone: '1' }, 'validation_failed'],
  ])('%s is refused and counts for nothing', async (_what, said, code) => {
    const { body: call } = await agent.open({ customerNo: 'C10' });
    expect(await agent.check(call.id, said)).toMatchObject({ status: 400, body: { code } });
    expect((await agent.show(call.id)).body.callerCheck.failed).toBe(0);
    await agent.close(call.id);
  });

  it('is the agent’s own, and nobody’s about themselves', async () => {
    const { body: call } = await agent.open({ customerNo: 'C11' });
    const said = { birthDate: WHO.birthDate, phone: phoneOf(11) };
    expect(await colleague.check(call.id, said)).toMatchObject({
      status: 403,
      body: { code: 'contact_of_another_agent' },
    });
    expect((await colleague.close(call.id)).body.code).toBe('contact_of_another_agent');
    expect((await agent.check('999999', said)).body.code).toBe('contact_not_found');
    const own = callsOf(world, (await createStaff(world.server, 'support_agent', { customerNo: 'C11' })).token);
    expect((await own.open({ customerNo: 'C11' })).body.code).toBe('holder_not_found');
    expect((await own.show(call.id)).body.code).toBe('contact_not_found');
    await sql(`INSERT INTO staff_relative (staff_id, customer_no, relation) VALUES ($1, 'C11', 'spouse')`, [agentId]);
    expect((await agent.check(call.id, said)).body.code).toBe('contact_not_found');
  });

  describe('in the database, as the application asks it', () => {
    let contactId: string;
    const app = (text: string, params: unknown[] = []) => world.server.database.asApp(text, params);
    const insert = (columns: string, values: string) =>
      app(
        `INSERT INTO caller_check (contact_id, holder_id, staff_id, ${columns}) SELECT id, holder_id, staff_id, ${values} FROM contact WHERE id = ${contactId}`,
      );
    beforeAll(async () => {
      contactId = (await agent.open({ customerNo: 'C12' })).body.id;
    });

    it('compares two things at least', async () => {
      await expect(insert('phone_matches', 'true')).rejects.toMatchObject({ constraint: 'caller_check_asks_two' });
    });

    it('is not written as passed by hand, and never changed', async () => {
      await expect(insert('phone_matches, email_matches, passed', 'false, false, true')).rejects.toMatchObject({
        code: expect.stringMatching(/42501|428C9/) as string,
      });
      for (const text of ['UPDATE caller_check SET phone_matches = true', 'DELETE FROM caller_check'])
        await expect(app(text)).rejects.toMatchObject({ code: '42501' });
    });

    it('of another’s contact, or after three, is refused', async () => {
      await expect(
        app(
          `INSERT INTO caller_check (contact_id, holder_id, staff_id, phone_matches, email_matches) SELECT c.id, c.holder_id, s.id, true, true FROM contact c, staff s WHERE c.id = ${contactId} AND s.role = 'auditor' OR c.id = ${contactId} AND s.role = 'finance_maker' LIMIT 1`,
        ),
      ).rejects.toMatchObject({ code: 'HK001', constraint: 'caller_check_in_open_contact' });
      for (let n = 0; n < 3; n += 1) await insert('phone_matches, email_matches', 'false, false');
      await expect(insert('phone_matches, email_matches', 'true, true')).rejects.toMatchObject({
        constraint: 'caller_check_three_tries',
      });
    });

    it('keeps a contact open as long as it was meant, and with whom it was', async () => {
      for (const column of ['expires_at = now()', 'caller = caller', 'staff_id = staff_id', 'confidential = true'])
        await expect(app(`UPDATE contact SET ${column}`)).rejects.toMatchObject({ code: '42501' });
      await app(`UPDATE contact SET topic = 'other', outcome = 'answered' WHERE id = ${contactId}`);
      await expect(
        app(`UPDATE contact SET topic = 'amount', outcome = 'answered' WHERE id = ${contactId}`),
      ).rejects.toMatchObject({ constraint: 'contact_closed_once' });
      await expect(insert('phone_matches, email_matches', 'true, true')).rejects.toMatchObject({
        constraint: 'caller_check_in_open_contact',
      });
    });
  });
});
