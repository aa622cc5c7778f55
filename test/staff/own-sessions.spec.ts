import { Jobs } from '../../src/platform/jobs/jobs.js';
import { readMail } from '../../src/demo/mail-text.js';
import { createTestApp, type TestApp } from '../harness/app.js';
import { eventually } from '../harness/eventually.js';
import { startInbox, type Inbox } from '../harness/inbox.js';
import { createStaff, signIn, type TestStaff } from '../harness/staff.js';

interface Session {
  readonly id: string;
  readonly device: string;
  readonly address: string;
  readonly current: boolean;
}

describe('own sessions of staff', () => {
  let inbox: Inbox;
  let server: TestApp;
  let person: TestStaff;
  beforeAll(async () => {
    inbox = await startInbox();
    server = await createTestApp({ smtpUrl: inbox.url });
    person = await createStaff(server, 'auditor');
    await server.database.asSuperuser(`UPDATE staff SET mail = 'auditor@staff.example.jp' WHERE id = $1`, [
      person.staffId,
    ]);
    await server.app.get(Jobs).start();
  });
  afterAll(async () => {
    await server.close();
    await inbox.close();
  });

  const sessions = async (token: string) =>
    (await server.call<{ items: Session[] }>('GET', '/v1/auth/sessions', { token })).body.items;
  const works = async (token: string) => (await server.call('GET', '/v1/staff', { token })).status === 200;

  it('are listed, and ended one by one or all but the one that asks', async () => {
    const [one, two, three] = [person, await signIn(server, person), await signIn(server, person)];
    const listed = await sessions(three.token);
    expect(listed.map(({ current }) => current)).toEqual([true, false, false]);
    expect(listed[0]).toMatchObject({ address: '127.0.0.1', device: expect.any(String) });
    const second = listed[1]?.id ?? '';
    expect((await server.call('DELETE', `/v1/auth/sessions/${second}`, { token: three.token })).status).toBe(204);
    expect([await works(one.token), await works(two.token), await works(three.token)]).toEqual([true, false, true]);
    expect(await server.call('DELETE', `/v1/auth/sessions/${second}`, { token: three.token })).toMatchObject({
      status: 404,
      body: { code: 'session_not_found' },
    });
    expect(await server.call('POST', '/v1/auth/sessions/end-others', { token: three.token })).toMatchObject({
      status: 200,
      body: { ended: 1 },
    });
    expect([await works(one.token), await works(three.token)]).toEqual([false, true]);
    const ends = await server.database.asSuperuser(
      `SELECT FROM audit_event WHERE action = 'staff.session_ended' AND actor_id = $1`,
      [person.staffId],
    );
    expect(ends).toHaveLength(2);
  });

  it('of somebody else are not ended: it answers like one that does not exist', async () => {
    const other = await createStaff(server, 'auditor');
    const [theirs] = await sessions(other.token);
    const { token } = await signIn(server, person);
    expect((await server.call('DELETE', `/v1/auth/sessions/${theirs?.id}`, { token })).status).toBe(404);
    expect(await works(other.token)).toBe(true);
  });

  it('from a new device or address are told to their owner by mail; known ones are not', async () => {
    expect(inbox.mails()).toEqual([]);
    const { login, password, proof } = person;
    const remoteAddress = '10.9.8.7';
    const first = await server.call<{ challengeToken: string }>('POST', '/v1/auth/login', {
      body: { login, password },
      remoteAddress,
    });
    await server.call('POST', '/v1/auth/login/second-factor', {
      body: { challengeToken: first.body.challengeToken, ...(await proof()) },
      remoteAddress,
      headers: { 'user-agent': 'unknown device' },
    });
    const mail = await eventually(() => inbox.mails().find(({ to }) => to === 'auditor@staff.example.jp'));
    expect(readMail(mail).text).toContain('10.9.8.7, unknown device');
    expect(readMail(mail).text).not.toMatch(/https?:/);
    const kept = await eventually(async () => {
      const rows = await server.database.asSuperuser(
        'SELECT address, device, from_address FROM staff_mail WHERE status = $1',
        ['told'],
      );
      return rows.length === 1 && rows[0];
    });
    expect(kept).toEqual({ address: null, device: null, from_address: null });
  });
});
