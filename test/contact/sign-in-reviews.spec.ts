import { randomUUID } from 'node:crypto';
import { ContactReviews } from '../../src/contact/contact-reviews.js';
import type { OidcStartedView } from '../../src/identity/oidc.dto.js';
import { createTestApp, type TestApp } from '../harness/app.js';
import { startIdentityProvider, type IdentityProvider } from '../harness/identity-provider.js';
import { arrangeProgramme } from '../harness/programme.js';
import { staffToken } from '../harness/staff.js';

const COUNT = 30;

describe('sign-ins and files are looked at', () => {
  let provider: IdentityProvider;
  let server: TestApp;
  beforeAll(async () => {
    provider = await startIdentityProvider();
    server = await createTestApp(provider.settingsFor('customer'));
    await arrangeProgramme(server.database, {
      quantitiesMicroXem: Array<bigint>(COUNT).fill(1_000_000_000n),
      fundJpy: 10_000_000n,
    });
  });
  afterAll(async () => {
    await server.close();
    await provider.close();
  });

  /** What the page of a customer has when the provider has sent them back. */
  async function returned(nth: number, sub = `person-${nth}`): Promise<object> {
    const begun = (await server.call<OidcStartedView>('POST', '/v1/auth/customer/oidc/start')).body;
    return provider.visit(begun, { sub, claims: { customer_no: `C${nth}` } });
  }
  const finish = (body: object, cookie: string, remoteAddress = '10.0.0.1') =>
    server.call('POST', '/v1/auth/customer/oidc/callback', { body, headers: cookie ? { cookie } : {}, remoteAddress });

  /** As a browser does; answers the cookie that it has afterwards. */
  async function signIn(nth: number, { sub = `person-${nth}`, cookie = '', address = '10.0.0.1' } = {}) {
    const answer = await finish(await returned(nth, sub), cookie, address);
    expect(answer.status).toBe(200);
    const set = String(answer.headers['set-cookie']);
    expect(set).toMatch(
      /^henkin_device=[\w-]{43}; Max-Age=\d+; Path=\/v1\/auth\/customer; HttpOnly; Secure; SameSite=Strict$/,
    );
    return set.slice(0, set.indexOf(';'));
  }
  const review = () => server.app.get(ContactReviews, { strict: false }).review();
  const items = (kind: string) =>
    server.database.asSuperuser<{ customer_no: string | null; subject_type: string; subject_id: string }>(
      `SELECT customer_no, subject_type, subject_id FROM work_item LEFT JOIN holder ON holder.id = holder_id WHERE work_item.kind::text = $1 ORDER BY work_item.id`,
      [kind],
    );

  it('two customers on one device: the second is flagged once, and the first is named', async () => {
    const cookie = await signIn(1);
    expect(await signIn(1, { cookie })).toBe(cookie);
    await signIn(2);
    await review();
    expect(await items('shared_device')).toEqual([]);
    expect(await signIn(3, { cookie: `other=1; ${cookie}` })).toBe(cookie);
    await review();
    await signIn(3, { cookie });
    await review();
    const expected = [{ customer_no: 'C3', subject_type: 'customer', subject_id: 'C1' }];
    expect(await items('shared_device')).toEqual(expected);
    const { token } = await staffToken(server, 'claims_officer');
    expect(await server.call('GET', '/v1/work-items?kind=shared_device', { token })).toMatchObject({
      body: { items: [{ customerNo: 'C3', subject: { type: 'customer', id: 'C1' } }] },
    });
    // Whoever had it in hand has finished: the same pair is not asked about again.
    await server.database.asSuperuser(
      `UPDATE work_item SET status = 'done', outcome = 'settled_elsewhere', done_at = now() WHERE kind::text = 'shared_device'`,
    );
    await review();
    expect(await items('shared_device')).toEqual(expected);
  });

  it('two who sign in at once on a new device are seen together', async () => {
    const cookie = `henkin_device=${'n'.repeat(43)}`;
    const bodies = [await returned(4), await returned(5)];
    const answers = await Promise.all(bodies.map((body) => finish(body, cookie)));
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    const rows = await server.database.asSuperuser<{ shared: boolean }>(
      `SELECT shared FROM customer_device JOIN holder h ON h.id = holder_id WHERE h.customer_no IN ('C4', 'C5') ORDER BY shared`,
    );
    expect(rows.map(({ shared }) => shared)).toEqual([false, true]);
  });

  it('of a device and an address only keyed hashes are kept, and the application cannot say what is shared', async () => {
    const cookie = await signIn(6, { address: '203.0.113.77' });
    await signIn(6, { sub: 'someone-else', address: '203.0.113.77', cookie });
    const rows = await server.database.asSuperuser(
      `SELECT to_jsonb(d) FROM customer_device d UNION ALL SELECT to_jsonb(c) FROM contact_change c
       UNION ALL SELECT to_jsonb(e) FROM audit_event e UNION ALL SELECT to_jsonb(s) FROM customer_sign_in s`,
    );
    const kept = JSON.stringify(rows);
    for (const secret of [cookie.split('=')[1], '203.0.113.77']) expect(kept).not.toContain(secret);
    for (const sql of [
      'UPDATE customer_device SET shared = false',
      `INSERT INTO customer_device (device_hash, holder_id, shared) SELECT repeat('a', 64), id, false FROM holder LIMIT 1`,
      'TRUNCATE customer_device',
    ])
      await expect(server.database.asApp(sql)).rejects.toMatchObject({ code: '42501' });
  });

  it('sign-ins of five customers that change from one address within the hour are one burst', async () => {
    for (const nth of [11, 12, 13, 14, 15]) await signIn(nth, { address: `10.1.0.${nth}` });
    for (const nth of [11, 12, 13, 14]) await signIn(nth, { sub: `new-${nth}`, address: '10.9.9.9' });
    await signIn(15, { sub: 'new-15', address: '10.8.8.8' });
    await review();
    expect(await items('contact_burst')).toEqual([]);
    await signIn(16, { address: '10.1.0.16' });
    await signIn(16, { sub: 'new-16', address: '10.9.9.9' });
    await review();
    expect(await items('contact_burst')).toEqual([
      { customer_no: null, subject_type: 'sign_in', subject_id: expect.stringMatching(/^[0-9a-f]{32}$/) },
    ]);
  });

  it('a file that changes many customers’ contacts is one burst, and one that changes few is none', async () => {
    const before = await items('contact_burst');
    const change = (file: string, from: number, to: number) =>
      server.database.asSuperuser(
        `BEGIN; SELECT set_config('henkin.contact_origin', 'holder_update:${file}', true);
         UPDATE holder SET email = 'new.' || lower(customer_no) || '@${file.slice(0, 8)}.test'
         WHERE substr(customer_no, 2)::int BETWEEN ${from} AND ${to}; COMMIT`,
      );
    const [few, many] = [randomUUID(), randomUUID()];
    await change(few, 1, 19);
    await review();
    expect(await items('contact_burst')).toEqual(before);
    await change(many, 11, 30);
    await review();
    await review();
    expect((await items('contact_burst')).slice(before.length)).toEqual([
      { customer_no: null, subject_type: 'holder_update', subject_id: many },
    ]);
  });
});
