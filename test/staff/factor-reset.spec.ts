import { randomUUID } from 'node:crypto';
import { Jobs } from '../../src/platform/jobs/jobs.js';
import { createTestApp, type TestApp } from '../harness/app.js';
import { eventually } from '../harness/eventually.js';
import { startInbox, type Inbox } from '../harness/inbox.js';
import { activate, changeStaff, createStaff, signIn, staffToken, type TestStaff } from '../harness/staff.js';
import { tokenIn } from './mailed-token.js';

describe('a lost second factor', () => {
  let inbox: Inbox;
  let server: TestApp;
  let [administrator, compliance] = [] as unknown as [TestStaff, TestStaff];
  beforeAll(async () => {
    inbox = await startInbox();
    server = await createTestApp({ smtpUrl: inbox.url });
    administrator = await staffToken(server, 'administrator');
    compliance = await staffToken(server, 'compliance');
    await server.app.get(Jobs).start();
  });
  afterAll(async () => {
    await server.close();
    await inbox.close();
  });

  const post = <B>(url: string, { token }: TestStaff, body: object) =>
    server.call<B>('POST', url, { token, body, headers: { 'idempotency-key': randomUUID() } });
  const ask = (staffId: string, by = administrator) =>
    post<{ id: string; code?: string }>(`/v1/staff/${staffId}/factor-reset`, by, { reason: 'Key lost on the train.' });
  const decide = (requestId: string, by: TestStaff, decision = 'approve') =>
    post<{ code?: string }>(`/v1/approval-requests/${requestId}/decisions`, by, {
      decision,
      reason: 'Seen in person.',
    });
  async function mailed(role: 'auditor' | 'administrator' = 'auditor'): Promise<TestStaff & { mail: string }> {
    const person = await createStaff(server, role);
    const mail = `${person.login}@staff.example.jp`;
    await changeStaff(server, person.staffId, { mail });
    return { ...person, mail };
  }
  const factorsOf = async (staffId: string) =>
    (await server.database.asSuperuser('SELECT FROM staff_totp WHERE staff_id = $1', [staffId])).length;

  it('is reset by two people, and the owner alone gets a token, by mail, to enrol anew', async () => {
    const person = await mailed();
    const asked = await ask(person.staffId);
    expect(asked.status).toBe(201);
    // Asking changes nothing yet.
    expect((await server.call('GET', '/v1/staff', { token: person.token })).status).toBe(200);
    expect(
      await server.call('GET', `/v1/approval-requests/${asked.body.id}`, { token: compliance.token }),
    ).toMatchObject({
      status: 200,
      body: { preview: { login: person.login, mail: person.mail, reason: 'Key lost on the train.' } },
    });
    expect(await decide(asked.body.id, administrator)).toMatchObject({
      status: 403,
      body: { code: 'maker_cannot_check' },
    });
    const decided = await decide(asked.body.id, compliance);
    expect(decided).toMatchObject({ status: 200, body: { status: 'approved', outcome: { staffId: person.staffId } } });

    expect((await server.call('GET', '/v1/staff', { token: person.token })).status).toBe(401);
    expect(await factorsOf(person.staffId)).toBe(0);
    await expect(signIn(server, person)).rejects.toThrow('login answered 401');

    const mail = await eventually(() => inbox.mails().find(({ to }) => to === person.mail));
    const token = tokenIn(mail);
    const back = await activate(server, person.staffId, person.login, token);
    expect((await server.call('GET', '/v1/staff', { token: back.token })).status).toBe(200);
    const events = await server.database.asSuperuser<{ action: string; actor_id: string }>(
      `SELECT action, actor_id FROM audit_event WHERE subject_id = $1 AND action IN ('staff.factors_reset', 'staff.activated') ORDER BY id`,
      [person.staffId],
    );
    expect(events.slice(1)).toEqual([
      { action: 'staff.factors_reset', actor_id: compliance.staffId },
      { action: 'staff.activated', actor_id: person.staffId },
    ]);
  });

  it('is not what a forgotten password is: its token goes by mail, and the factor stays', async () => {
    const person = await mailed();
    const asked = await server.call<{ activationToken: null; approvalRequest: { id: string } }>(
      'POST',
      `/v1/staff/${person.staffId}/reset`,
      { token: administrator.token, body: { reason: 'Forgotten.' } },
    );
    expect(asked).toMatchObject({ status: 201, body: { activationToken: null } });
    await decide(asked.body.approvalRequest.id, compliance);
    const token = tokenIn(await eventually(() => inbox.mails().find(({ to }) => to === person.mail)));
    const offered = await server.call('POST', '/v1/auth/activate', {
      body: { activationToken: token, password: 'seven quiet herons at dawn' },
    });
    expect(offered).toMatchObject({ status: 200, body: { enrolment: null } });
    expect(await factorsOf(person.staffId)).toBe(1);
  });

  it('is not reset by its owner: neither asked for nor agreed to', async () => {
    const person = await mailed('administrator');
    expect(await ask(person.staffId, person)).toMatchObject({ status: 403, body: { code: 'own_account' } });
    const { body } = await ask(person.staffId);
    expect(await decide(body.id, person)).toMatchObject({ status: 403, body: { code: 'own_account' } });
    expect(await factorsOf(person.staffId)).toBe(1);
    expect((await server.call('GET', '/v1/staff', { token: person.token })).status).toBe(200);
  });

  it('is void when the mail address changes after it was asked for, and asked for once at a time', async () => {
    const person = await mailed();
    const { body } = await ask(person.staffId);
    expect(await ask(person.staffId)).toMatchObject({ status: 409, body: { code: 'factor_reset_asked' } });
    await changeStaff(server, person.staffId, { mail: 'somebody.else@example.com' });
    expect(await decide(body.id, compliance)).toMatchObject({ status: 409, body: { code: 'approval_voided' } });
    expect(await factorsOf(person.staffId)).toBe(1);
    expect((await ask(person.staffId)).status).toBe(201);
  });

  it('needs a mail address, an account in use, and no other role may ask', async () => {
    const person = await createStaff(server, 'auditor');
    expect(await ask(person.staffId)).toMatchObject({ status: 409, body: { code: 'enrolment_cannot_be_mailed' } });
    expect(await ask(randomUUID())).toMatchObject({ status: 404, body: { code: 'staff_not_found' } });
    expect((await ask(person.staffId, compliance)).status).toBe(403);
    await server.database.asSuperuser(`UPDATE staff SET last_day = '2018-01-26', mail = 'a@b.jp' WHERE id = $1`, [
      person.staffId,
    ]);
    expect(await ask(person.staffId)).toMatchObject({ status: 409, body: { code: 'staff_not_active' } });
  });

  it('is refused with a reason, and nothing changes', async () => {
    const person = await mailed();
    const { body } = await ask(person.staffId);
    expect((await decide(body.id, compliance, 'refuse')).status).toBe(200);
    expect((await server.call('GET', '/v1/staff', { token: person.token })).status).toBe(200);
    expect((await ask(person.staffId)).status).toBe(201);
  });

  describe('in the database', () => {
    const asApp = (sql: string, ...params: unknown[]) => server.database.asApp(sql, params);
    const refused = (constraint: string, code = 'HK001') => ({ code, constraint });

    it('the last factor stays without a reset that two people agreed to', async () => {
      const person = await createStaff(server, 'auditor');
      await expect(asApp('DELETE FROM staff_totp WHERE staff_id = $1', person.staffId)).rejects.toMatchObject(
        refused('staff_last_factor_stays'),
      );
    });

    it('a reset of oneself, one that nobody agreed to, and one that is closed are refused', async () => {
      const person = await mailed();
      await expect(
        asApp(`INSERT INTO staff_factor_reset (staff_id, asked_by, reason) VALUES ($1, $1, 'x')`, person.staffId),
      ).rejects.toMatchObject(refused('staff_factor_reset_not_of_oneself', '23514'));
      await ask(person.staffId);
      await expect(
        asApp(`UPDATE staff_factor_reset SET status = 'done', closed_at = now() WHERE staff_id = $1`, person.staffId),
      ).rejects.toMatchObject(refused('staff_factor_reset_needs_approval'));
      await asApp(`UPDATE staff_factor_reset SET status = 'refused' WHERE staff_id = $1`, person.staffId);
      await expect(
        asApp(`UPDATE staff_factor_reset SET status = 'asked', closed_at = NULL WHERE staff_id = $1`, person.staffId),
      ).rejects.toMatchObject(refused('staff_factor_reset_closed_for_ever'));
      await expect(asApp('DELETE FROM staff_factor_reset')).rejects.toMatchObject({ code: '42501' });
    });

    it('a mail is not sent to another address than it was written for', async () => {
      const person = await mailed();
      // One transaction, so that the job that sends mails cannot take it between the two statements.
      await expect(
        asApp(`
          INSERT INTO staff_mail (staff_id, kind, address) SELECT id, 'enrolment', mail FROM staff WHERE id = '${person.staffId}';
          UPDATE staff_mail SET address = 'other@example.com' WHERE staff_id = '${person.staffId}'`),
      ).rejects.toMatchObject(refused('staff_mail_as_written'));
    });
  });
});
