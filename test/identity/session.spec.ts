import { Database } from '../../src/platform/database/database.js';
import { Jobs } from '../../src/platform/jobs/jobs.js';
import { createTestApp, type TestApp } from '../harness/app.js';
import { changeStaff, createStaff, signIn, staffToken, type TestStaff } from '../harness/staff.js';

interface Tokens {
  readonly accessToken: string;
  readonly refreshToken: string;
}

describe('sessions', () => {
  let server: TestApp;
  let person: TestStaff;
  beforeAll(async () => {
    server = await createTestApp();
  });
  beforeEach(async () => {
    person = await createStaff(server, 'auditor');
  });
  afterAll(() => server.close());

  const refresh = (refreshToken: string) => server.call<Tokens>('POST', '/v1/auth/refresh', { body: { refreshToken } });
  const works = async (token: string) => (await server.call('GET', '/v1/audit/events?limit=1', { token })).status;
  const change = (body: object) => changeStaff(server, person.staffId, body);

  it('rotates: each refresh token works once and answers the next', async () => {
    const first = await refresh(person.refreshToken);
    expect(first.status).toBe(200);
    expect(first.body.refreshToken).not.toBe(person.refreshToken);
    expect(await works(first.body.accessToken)).toBe(200);
    const second = await refresh(first.body.refreshToken);
    expect(second.status).toBe(200);
    expect(await works(second.body.accessToken)).toBe(200);
  });

  it('[06] a replayed refresh token ends its whole family, on the next request', async () => {
    const other = await signIn(server, person);
    const first = await refresh(person.refreshToken);
    const replay = await refresh(person.refreshToken);
    expect(replay).toMatchObject({ status: 401, body: { code: 'session_ended' } });
    expect(await works(first.body.accessToken)).toBe(401);
    expect(await works(person.token)).toBe(401);
    expect((await refresh(first.body.refreshToken)).status).toBe(401);
    // The person's other sign-in is another family.
    expect(await works(other.token)).toBe(200);
    const events = await server.database.asSuperuser<{ after: unknown }>(
      `SELECT after FROM audit_event WHERE action = 'staff.session_ended' AND subject_id = $1`,
      [person.staffId],
    );
    expect(events).toMatchObject([{ after: { reason: 'replayed' } }]);
  });

  it('[06] of 30 parallel refreshes one wins, and what it won stays valid', async () => {
    const answers = await Promise.all(Array.from({ length: 30 }, () => refresh(person.refreshToken)));
    const winners = answers.filter(({ status }) => status === 200);
    expect(winners).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(29);
    const [winner] = winners;
    expect(await works(String(winner?.body.accessToken))).toBe(200);
    expect((await refresh(String(winner?.body.refreshToken))).status).toBe(200);
    // The race is over: whoever comes with the old token now has a copy.
    expect((await refresh(person.refreshToken)).status).toBe(401);
    expect(await works(String(winner?.body.accessToken))).toBe(401);
  });

  it('refuses tokens that were never issued, and ends nobody for them', async () => {
    expect((await refresh('A'.repeat(43))).body).toMatchObject({ code: 'session_ended' });
    for (const wrong of ['', 'short', 'A'.repeat(44), { not: '' }]) {
      expect((await server.call('POST', '/v1/auth/refresh', { body: { refreshToken: wrong } })).status).toBe(400);
    }
    expect(await works(person.token)).toBe(200);
  });

  it('ends with its time', async () => {
    await server.database.asSuperuser(`UPDATE staff_session SET expires_at = now() WHERE staff_id = $1`, [
      person.staffId,
    ]);
    expect(await works(person.token)).toBe(401);
    expect((await refresh(person.refreshToken)).status).toBe(401);
  });

  it('[07] logout bites on the next request, for this session only', async () => {
    const other = await signIn(server, person);
    expect((await server.call('POST', '/v1/auth/logout', { token: person.token })).status).toBe(204);
    expect(await works(person.token)).toBe(401);
    expect((await refresh(person.refreshToken)).status).toBe(401);
    expect((await server.call('POST', '/v1/auth/logout', { token: person.token })).status).toBe(401);
    expect(await works(other.token)).toBe(200);
  });

  it('[07] disabling an account bites on its next request, and enabling it again brings no session back', async () => {
    await change({ status: 'disabled' });
    expect(await works(person.token)).toBe(401);
    expect((await refresh(person.refreshToken)).status).toBe(401);
    await change({ status: 'active' });
    expect(await works(person.token)).toBe(401);
    expect(await works((await signIn(server, person)).token)).toBe(200);
  });

  it('[07] a changed role bites on the next request', async () => {
    await change({ role: 'support_agent' });
    expect(await works(person.token)).toBe(403);
    await change({ role: 'auditor' });
    expect(await works(person.token)).toBe(200);
  });

  it('disabling and signing in at once never leave a live session', async () => {
    for (let round = 1; round <= 5; round += 1) {
      const [, signedIn] = await Promise.all([
        change({ status: 'disabled' }),
        signIn(server, person).catch(() => null),
      ]);
      if (signedIn) expect(await works(signedIn.token)).toBe(401);
      const live = await server.database.asSuperuser(
        'SELECT id FROM staff_session WHERE staff_id = $1 AND ended_at IS NULL',
        [person.staffId],
      );
      expect(live).toEqual([]);
      await change({ status: 'active' });
    }
  });

  it('a refresh token of an ended session is refused without another event', async () => {
    await server.call('POST', '/v1/auth/logout', { token: person.token });
    await refresh(person.refreshToken);
    await refresh(person.refreshToken);
    const events = await server.database.asSuperuser(
      `SELECT id FROM audit_event WHERE action = 'staff.session_ended' AND subject_id = $1`,
      [person.staffId],
    );
    expect(events).toHaveLength(1);
  });
});

it('signing in, refreshing and checking tokens pass with a single connection', async () => {
  const server = await createTestApp({ databasePoolSize: 1 });
  try {
    const person = await staffToken(server, 'auditor');
    const signedIn = await Promise.all(Array.from({ length: 8 }, () => signIn(server, person)));
    const answers = await Promise.all(
      signedIn.map(({ refreshToken }) => server.call<Tokens>('POST', '/v1/auth/refresh', { body: { refreshToken } })),
    );
    const lists = await Promise.all(
      answers.map(({ body }) => server.call('GET', '/v1/audit/events?limit=1', { token: body.accessToken })),
    );
    expect(lists.map(({ status }) => status)).toEqual(Array<number>(8).fill(200));
  } finally {
    await server.close();
  }
});

it('sessions of more than 90 days ago and counters that are over are forgotten by the nightly job', async () => {
  const server = await createTestApp();
  try {
    const { staffId } = await staffToken(server, 'auditor');
    const jobs = server.app.get(Jobs, { strict: false });
    await server.database.asSuperuser(
      `UPDATE staff_session SET created_at = now() - interval '91 days' WHERE staff_id = $1`,
      [staffId],
    );
    await server.database.asSuperuser(
      `INSERT INTO sign_in_throttle VALUES ('pair:over', 3, 1), ('pair:counting', 3, 9999999999999)`,
    );
    await server.app.get(Database, { strict: false }).transaction((tx) => jobs.add(tx, 'session-tidying', {}));
    await jobs.start();
    for (let left = -1; left !== 0;) {
      left = (await server.database.asSuperuser('SELECT id FROM staff_session WHERE staff_id = $1', [staffId])).length;
    }
    const counters = await server.database.asSuperuser(
      `SELECT key FROM sign_in_throttle WHERE key IN ('pair:over', 'pair:counting')`,
    );
    expect(counters).toEqual([{ key: 'pair:counting' }]);
    // Those of the two administrators.
    expect(await server.database.asSuperuser('SELECT id FROM staff_session')).toHaveLength(2);
  } finally {
    await server.close();
  }
});
