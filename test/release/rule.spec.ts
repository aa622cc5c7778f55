import { createTestApp, type TestApp } from '../harness/app.js';
import { makeKey, registeredKeys, type TestKey } from '../harness/release-keys.js';
import { asker, decide, post, proposeRule, revoke, waitingKey, type DecisionBody, type RuleBody } from './releases.js';

describe('the rule of how many keys must sign', () => {
  let server: TestApp;
  let keys: TestKey[];
  beforeAll(async () => {
    server = await createTestApp();
    await asker(server);
    keys = await registeredKeys(server.database, 5);
  });
  afterAll(() => server.close());

  const rule = async (id: string) => {
    const { body } = await server.call<RuleBody>('GET', `/v1/release-rules/${id}`, { token: await asker(server) });
    return body;
  };
  const signBy = async (key: TestKey, { id, release }: RuleBody) => {
    if (!release) throw new Error('there is no statement');
    return post<DecisionBody>(server, await asker(server), `/v1/release-rules/${id}/signatures`, key.sign(release));
  };
  const present = async () =>
    (
      await server.database.asSuperuser<{ k: number; hours: number }>(
        'SELECT least_signatures AS k, waiting_hours AS hours FROM current_release_rule()',
      )
    )[0];
  const key = (index: number): TestKey => keys[index] ?? makeKey();

  it('is made stricter by two people', async () => {
    expect(await present()).toEqual({ k: 2, hours: 24 });
    const { body } = await proposeRule(server, 3);
    expect(body.release).toBeNull();
    expect((await decide(server, body)).body).toMatchObject({ status: 'approved' });
    expect(await present()).toEqual({ k: 3, hours: 24 });
    expect((await proposeRule(server, 3)).body.code).toBe('release_rule_unchanged');
  });

  it('is made weaker only with the signatures of the present one', async () => {
    const { body } = await proposeRule(server, 2);
    expect(await decide(server, body)).toMatchObject({
      status: 409,
      body: { code: 'release_signatures_missing', missing: 3 },
    });
    const file = await server.call<object>('GET', `/v1/release-rules/${body.id}/statement.json`, {
      token: await asker(server),
    });
    expect(JSON.stringify(file.body)).toBe(body.release?.statement);
    await signBy(key(0), body);
    expect((await signBy(key(0), body)).body.code).toBe('release_signed_already');
    expect((await signBy(key(1), body)).body).toMatchObject({ missingSignatures: 1 });
    expect((await decide(server, body)).body).toMatchObject({ code: 'release_signatures_missing', missing: 1 });
    await signBy(key(2), body);
    // A signature counts for as long as its key does.
    await decide(server, (await revoke(server, key(2).fingerprint)).body);
    expect((await rule(body.id)).release?.missingSignatures).toBe(1);
    expect((await decide(server, body)).body.code).toBe('release_signatures_missing');
    await signBy(key(3), body);
    expect((await decide(server, body)).body).toMatchObject({ status: 'approved' });
    expect(await present()).toEqual({ k: 2, hours: 24 });
  });

  it('takes no shorter waiting time from two people either', async () => {
    const { body } = await proposeRule(server, 2, 1);
    expect((await decide(server, body)).body.code).toBe('release_signatures_missing');
    expect(await present()).toEqual({ k: 2, hours: 24 });
  });

  it('is not fooled by a signature that was given when the rule was another one', async () => {
    const { body: weaker } = await proposeRule(server, 2, 12);
    const { body: stricter } = await proposeRule(server, 3, 24);
    await signBy(key(0), weaker);
    await signBy(key(1), weaker);
    await decide(server, stricter);
    expect((await decide(server, weaker)).body.code).toBe('release_signatures_missing');
    await signBy(key(3), weaker);
    // Three have signed now, but for a change from 2 to 2, not from 3.
    expect((await decide(server, weaker)).body.code).toBe('release_signatures_missing');
    expect(await present()).toEqual({ k: 3, hours: 24 });
  });

  it('refuses signatures that do not count', async () => {
    const { body } = await proposeRule(server, 2);
    const { body: other } = await proposeRule(server, 2, 48);
    const release = body.release ?? { sha256: '', statement: '' };
    const path = `/v1/release-rules/${body.id}/signatures`;
    const send = async (signed: object) =>
      (await post<DecisionBody>(server, await asker(server), path, signed)).body.code;
    expect(await send(key(0).sign(other.release ?? release))).toBe('release_statement_other');
    expect(await send(key(0).sign({ ...release, statement: release.statement.replace('"2"', '"3"') }))).toBe(
      'release_signature_wrong',
    );
    expect(await send(makeKey().sign(release))).toBe('release_key_not_found');
    expect(await send((await waitingKey(server)).sign(release))).toBe('release_key_does_not_count');
    expect(await send(key(2).sign(release))).toBe('release_key_does_not_count');
    expect(await send({ ...key(0).sign(release), keyFingerprint: key(1).fingerprint })).toBe('release_signature_wrong');
    expect((await rule(body.id)).release?.missingSignatures).toBe(3);
  });
});
