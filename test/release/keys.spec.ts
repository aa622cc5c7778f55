import { createTestApp, type TestApp } from '../harness/app.js';
import { makeKey, registeredKeys } from '../harness/release-keys.js';
import { staffToken } from '../harness/staff.js';
import { asker, decide, post, propose, revoke, waitingKey, type KeyBody } from './releases.js';

const HOUR_MS = 3_600_000;

describe('the registry of release keys', () => {
  let server: TestApp;
  beforeAll(async () => {
    server = await createTestApp();
  });
  afterAll(() => server.close());

  const find = async (id: string) => {
    const { token } = await staffToken(server, 'auditor');
    const { body } = await server.call<{ items: KeyBody[] }>('GET', '/v1/release-keys?limit=100', { token });
    return body.items.find((key) => key.id === id);
  };

  it('takes a key from two people, and lets it count after a day', async () => {
    const key = makeKey();
    const { status, body } = await propose(server, key);
    expect({ status, body }).toMatchObject({
      status: 201,
      body: { status: 'proposed', fingerprint: key.fingerprint, countsFrom: null },
    });
    const before = Date.now();
    expect((await decide(server, body)).body).toMatchObject({ status: 'approved' });
    const registered = await find(body.id);
    expect(registered?.status).toBe('active');
    const waits = Date.parse(registered?.countsFrom ?? '') - before;
    expect(waits).toBeGreaterThan(24 * HOUR_MS - 60_000);
    expect(waits).toBeLessThan(25 * HOUR_MS);
  });

  it('lets one that was refused be proposed again, and no other twice', async () => {
    const key = makeKey();
    const { body: first } = await propose(server, key);
    expect(await propose(server, key)).toMatchObject({ status: 409, body: { code: 'release_key_known' } });
    await decide(server, first, 'refuse');
    expect((await find(first.id))?.status).toBe('rejected');
    const { body: second } = await propose(server, key);
    await decide(server, second);
    expect((await find(second.id))?.status).toBe('active');
    expect(await propose(server, key)).toMatchObject({ status: 409, body: { code: 'release_key_known' } });
  });

  it('revokes at once with two people, for ever, and warns when too few are left', async () => {
    const key = await waitingKey(server);
    await registeredKeys(server.database, 2);
    const { body: calm } = await revoke(server, key.fingerprint);
    expect(calm.warning).toBeNull();
    expect((await decide(server, calm)).body).toMatchObject({ status: 'approved' });
    expect((await find(key.id))?.status).toBe('revoked');
    expect(await propose(server, key)).toMatchObject({ status: 409, body: { code: 'release_key_known' } });
    expect(await revoke(server, key.fingerprint)).toMatchObject({
      status: 409,
      body: { code: 'release_key_not_active', currentStatus: 'revoked' },
    });
    const active = await server.database.asSuperuser<{ fingerprint: string }>(
      `SELECT fingerprint FROM release_key WHERE status = 'active'`,
    );
    for (const { fingerprint } of active.slice(2)) await decide(server, (await revoke(server, fingerprint)).body);
    const { body: last } = await revoke(server, active[0]?.fingerprint ?? '');
    expect(last.warning?.en).toContain('1 keys will be left');
    expect(last.warning?.ja).toContain('残る鍵は1個');
  });

  it('takes neither points under which anybody can sign nor what is no key', async () => {
    const token = await asker(server);
    const identity = Buffer.concat([Buffer.of(1), Buffer.alloc(31)]);
    const negativeZero = Buffer.concat([Buffer.alloc(31), Buffer.of(0x80)]);
    for (const raw of [identity, Buffer.alloc(32), negativeZero]) {
      const publicKey = raw.toString('base64');
      expect(await post(server, token, '/v1/release-keys', { publicKey, label: 'Safe' })).toMatchObject({
        status: 422,
        body: { code: 'release_key_unusable' },
      });
    }
    for (const body of [
      { publicKey: 'AAAA', label: 'Safe' },
      { publicKey: makeKey().publicKey, label: '' },
      { publicKey: makeKey().publicKey, label: 'Safe', status: 'active' },
    ])
      expect((await post(server, token, '/v1/release-keys', body)).status).toBe(400);
  });

  it('leaves finance alone without a key: compliance always agrees', async () => {
    const { body } = await propose(server, makeKey());
    const { token } = await staffToken(server, 'finance_checker');
    expect(
      await post(server, token, `/v1/approval-requests/${body.approvalRequest.id}/decisions`, { decision: 'approve' }),
    ).toMatchObject({ status: 403, body: { code: 'role_may_not_decide' } });
  });
});
