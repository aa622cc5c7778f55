import type { HolderView } from '../../src/call-centre/call-centre.views.js';
import { readMail } from '../../src/demo/mail-text.js';
import type { ContactChangeView } from '../../src/holder/contact-change.dto.js';
import type { IdentityDetailView, IdentityView } from '../../src/holder/identity-check.dto.js';
import { Jobs } from '../../src/platform/jobs/jobs.js';
import { claimNoOf, post } from '../claim/claims.js';
import { createTestApp, type TestApp } from '../harness/app.js';
import { eventually } from '../harness/eventually.js';
import { startInbox, type Inbox } from '../harness/inbox.js';
import { arrangeProgramme } from '../harness/programme.js';
import { createStaff, staffToken, type TestStaff } from '../harness/staff.js';

const COUNT = 12;
const today = () => new Date(Date.now() + 9 * 3_600_000).toISOString().slice(0, 10);

describe('a changed contact', () => {
  let server: TestApp;
  let inbox: Inbox;
  let agent: TestStaff;
  let officers: TestStaff[];
  beforeAll(async () => {
    inbox = await startInbox();
    server = await createTestApp({ smtpUrl: inbox.url });
    await arrangeProgramme(server.database, {
      quantitiesMicroXem: Array<bigint>(COUNT).fill(1_000_000_000n),
      fundJpy: 10_000_000n,
    });
    await server.database.asSuperuser(
      `SET session_replication_role = replica; UPDATE holder SET email = lower(customer_no) || '@before.test', phone = '090-0000-00' || lpad(id::text, 2, '0'), name = 'A', name_kana = 'ア',
         birth_date = '1980-01-31'`,
    );
    await server.database.asSuperuser(
      `INSERT INTO holder_search_key (holder_id, email_key, phone_key) SELECT id, email, phone FROM holder`,
    );
    [agent, officers] = await Promise.all([
      staffToken(server, 'support_agent'),
      Promise.all(['1', '2', '3'].map(() => createStaff(server, 'claims_officer'))),
    ]);
    expect((await post(server, officers[0]?.token ?? '', '/v1/claims/open')).status).toBe(200);
    await server.app.get(Jobs, { strict: false }).start();
  });
  afterAll(async () => {
    await server.close();
    await inbox.close();
  });

  const officer = (nth: number) => officers[nth]?.token ?? '';
  const change = (customerNo: string, contact: object, token = agent.token) =>
    post<ContactChangeView>(server, token, `/v1/holders/${customerNo}/contact-changes`, {
      reason: 'A new phone',
      reference: 'CALL-1',
      ...contact,
    });
  const check = (customerNo: string, token: string, method: string, more: object = {}) =>
    post<IdentityView>(server, token, `/v1/holders/${customerNo}/identity-checks`, {
      method,
      evidenceNumber: '302604123450',
      passed: true,
      checkedOn: today(),
      ...more,
    });
  const release = async (customerNo: string, token = officer(0)) =>
    post(
      server,
      token,
      `/v1/claims/${await claimNoOf(server, customerNo)}/holds`,
      { releaseReason: 'verified' },
      'DELETE',
    );
  const holds = (customerNo: string) =>
    server.database.asSuperuser<{ status: string; reason_code: string; placed_by: string | null }>(
      `SELECT x.status, x.reason_code, x.placed_by FROM claim_hold x JOIN claim c ON c.id = x.claim_id JOIN holder h ON h.id = c.holder_id
       WHERE customer_no = $1 ORDER BY x.id`,
      [customerNo],
    );
  const why = async (customerNo: string, token: string) =>
    (await server.call<HolderView>('GET', `/v1/holders/${customerNo}`, { token })).body.claims[0]?.whyNotCredited.map(
      ({ code }) => code,
    );
  const mailsTo = (address: string) => inbox.mails().filter(({ to }) => to === address);

  it('[25] holds the claim, tells both addresses, and ends only with two facts by two people', async () => {
    const { status, body } = await change('C1', { email: 'c1@after.test', phone: '080-1111-2222' });
    expect({ status, body }).toEqual({
      status: 200,
      body: { customerNo: 'C1', changed: ['email', 'phone'], frozen: true },
    });
    expect(await holds('C1')).toEqual([{ status: 'active', reason_code: 'contact_changed', placed_by: null }]);
    expect(await release('C1')).toMatchObject({ status: 409, body: { code: 'contact_not_verified' } });

    const first = await check('C1', officer(0), 'driving_licence');
    expect(first.body).toEqual({ identityStatus: 'verified', contactFactsMissing: 1 });
    // The same person with another fact, and another person with the same fact, are not enough.
    expect((await check('C1', officer(0), 'call_back')).body.contactFactsMissing).toBe(1);
    expect((await check('C1', officer(1), 'call_back', { passed: false })).body.contactFactsMissing).toBe(1);
    expect(await release('C1')).toMatchObject({ status: 409, body: { code: 'contact_not_verified' } });
    expect((await check('C1', officer(1), 'letter')).body).toEqual({
      identityStatus: 'verified',
      contactFactsMissing: 0,
    });
    expect((await release('C1')).status).toBe(200);
    expect(await holds('C1')).toMatchObject([{ status: 'released' }]);

    const told = await eventually(() => {
      const mails = ['c1@before.test', 'c1@after.test'].map((address) => mailsTo(address)[0]);
      return mails.every((mail) => mail !== undefined) && mails;
    });
    for (const mail of told) {
      const { subject, text } = readMail(mail);
      expect(subject).toContain('ご登録内容の変更');
      expect(text).toContain('メールアドレス、電話番号が変更されました');
      expect(text).not.toMatch(/https?:|www\.|円|yen|XEM|C1\b/i);
    }
    await eventually(async () => {
      const rows = await server.database.asSuperuser<{ status: string; address: string | null }>(
        'SELECT status, address FROM contact_notice',
      );
      return rows.length === 2 && rows.every(({ status: now, address }) => now === 'told' && address === null);
    });
  });

  it('is found by its new contact at once', async () => {
    await change('C2', { email: 'New.Two@after.test' });
    expect(
      await server.database.asSuperuser(
        `SELECT email_key FROM holder_search_key k JOIN holder h ON h.id = k.holder_id WHERE customer_no = 'C2'`,
      ),
    ).toEqual([{ email_key: 'new.two@after.test' }]);
    const { body } = await server.call<{ items: { customerNo: string }[] }>(
      'GET',
      '/v1/holders/search?q=new.two@after.test',
      { token: agent.token },
    );
    expect(JSON.stringify(body)).toContain('"C2"');
  });

  it('is known by name to those who solve it, and is a review to everyone else', async () => {
    await change('C3', { phone: '080-3333-3333' });
    expect(await why('C3', officer(0))).toEqual(['contact_changed', 'not_approved']);
    expect(await why('C3', agent.token)).toEqual(['under_review', 'not_approved']);
    await post(server, officer(0), `/v1/claims/${await claimNoOf(server, 'C3')}/holds`, {
      visibility: 'open',
      reasonCode: 'other',
      reasonText: 'x',
    });
    expect(await why('C3', officer(0))).toEqual(['under_review', 'contact_changed', 'not_approved']);
    expect(await why('C3', agent.token)).toEqual(['under_review', 'not_approved']);
  });

  it('once more, after it was verified, needs both facts again', async () => {
    await change('C4', { phone: '080-4444-4444' });
    await check('C4', officer(0), 'passport');
    await check('C4', officer(1), 'call_back');
    await release('C4');
    await change('C4', { phone: '080-4444-5555' });
    expect(await release('C4')).toMatchObject({ status: 409, body: { code: 'contact_not_verified' } });
    expect((await check('C4', officer(2), 'letter')).body.contactFactsMissing).toBe(1);
  });

  it('of a claim that is opened later holds it from the beginning', async () => {
    await server.database.asSuperuser(
      `SET session_replication_role = replica; DELETE FROM claim WHERE holder_id = (SELECT id FROM holder WHERE customer_no = 'C5')`,
    );
    await change('C5', { email: 'c5@after.test' });
    expect(await holds('C5')).toEqual([]);
    await post(server, officer(0), '/v1/claims/open');
    expect(await holds('C5')).toMatchObject([{ status: 'active', reason_code: 'contact_changed' }]);
  });

  it('cannot be written past the hold, whatever SQL the application sends', async () => {
    const asApp = (sql: string) => server.database.asApp(sql);
    await asApp(`UPDATE holder SET email = 'c6@after.test' WHERE customer_no = 'C6'`);
    await asApp(
      `INSERT INTO holder (customer_no, kind, country, language, account_status, identity_status, phone)
       VALUES ('C7', 'individual', 'JP', 'ja', 'open', 'none', '080-7777-7777') ON CONFLICT (customer_no) DO UPDATE SET phone = excluded.phone`,
    );
    await asApp(`UPDATE holder SET oidc_subject = 'one' WHERE customer_no = 'C8'`);
    expect(await holds('C8')).toEqual([]);
    await asApp(`UPDATE holder SET oidc_subject = 'another' WHERE customer_no = 'C8'`);
    for (const customerNo of ['C6', 'C7', 'C8']) {
      expect(await holds(customerNo)).toMatchObject([{ status: 'active', reason_code: 'contact_changed' }]);
      await expect(
        server.database.asApp(
          `UPDATE claim_hold SET status = 'released', released_by = $2, released_at = now(), release_reason = 'x'
           WHERE claim_id = (SELECT c.id FROM claim c JOIN holder h ON h.id = c.holder_id WHERE customer_no = $1)`,
          [customerNo, officers[0]?.staffId],
        ),
      ).rejects.toMatchObject({ code: 'HK001', constraint: 'claim_hold_contact_unverified' });
    }
    for (const sql of [
      'DELETE FROM contact_change',
      `INSERT INTO contact_change (holder_id, fields) VALUES (1, '{email}')`,
      `UPDATE contact_change SET changed_at = 'infinity'`,
      `INSERT INTO contact_notice (contact_change_id, address) VALUES (1, 'x')`,
      `UPDATE identity_check SET passed = true`,
      'DELETE FROM identity_check',
      `INSERT INTO identity_check (holder_id, method, evidence_number, passed, checked_on, checked_by, recorded_at)
       VALUES (1, 'letter', '1', true, '2018-03-12', '00000000-0000-0000-0000-000000000000', 'infinity')`,
    ])
      await expect(asApp(sql)).rejects.toMatchObject({ code: '42501' });
    await expect(
      asApp(`UPDATE contact_notice SET address = 'elsewhere@after.test', status = 'due'`),
    ).rejects.toMatchObject({ code: 'HK001', constraint: 'contact_notice_as_written' });
  });

  it('is no change when only the way of writing differs', async () => {
    await change('C9', { email: 'C9@Before.test', phone: '+81 90 0000 0009' });
    expect(await holds('C9')).toEqual([]);
    expect(await change('C9', { email: 'C9@Before.test' })).toMatchObject({
      status: 409,
      body: { code: 'contact_unchanged' },
    });
  });

  it.each([
    [{}, 'contact_unchanged', 409],
    [{ email: 'no address' }, 'validation_failed', 400],
    [{ phone: '０９０' }, 'validation_failed', 400],
    [{ email: { not: '' } }, 'validation_failed', 400],
    [{ email: 'x@after.test', identityStatus: 'verified' }, 'validation_failed', 400],
    [{ email: 'x@after.test', reason: '' }, 'validation_failed', 400],
  ])('%j is refused as %s and changes nothing', async (contact, code, status) => {
    expect(await change('C10', contact)).toMatchObject({ status, body: { code } });
    expect(await holds('C10')).toEqual([]);
  });

  it.each([
    [{ method: 'horoscope' }, 'validation_failed', 400],
    [{ method: 'passport', evidenceNumber: '旅券' }, 'validation_failed', 400],
    [{ method: 'passport', checkedOn: '2018-02-30' }, 'validation_failed', 400],
    [{ method: 'passport', checkedOn: '2099-01-01' }, 'check_in_the_future', 400],
  ])('a check %j is refused as %s', async ({ method, ...more }, code, status) => {
    expect(await check('C10', officer(0), method, more)).toMatchObject({ status, body: { code } });
  });

  it('a document makes a holder verified only when the record is complete, and a failed one returned', async () => {
    await server.database.asSuperuser(`UPDATE holder SET name_kana = NULL WHERE customer_no = 'C11'`);
    expect(await check('C11', officer(0), 'passport')).toMatchObject({
      status: 409,
      body: { code: 'identity_incomplete' },
    });
    expect((await check('C11', officer(0), 'passport', { passed: false })).body.identityStatus).toBe('returned');
    const { body } = await server.call<IdentityDetailView>('GET', '/v1/holders/C11/identity-checks', {
      token: officer(0),
    });
    expect(body).toMatchObject({
      identityStatus: 'returned',
      contactFactsMissing: 0,
      checks: [{ method: 'passport', passed: false, checkedOn: today(), checkedBy: officers[0]?.staffId }],
    });
  });

  it('of oneself or a relative is for others', async () => {
    await server.database.asSuperuser('UPDATE staff SET customer_no = $2 WHERE id = $1', [officers[2]?.staffId, 'C12']);
    const notFound = { status: 404, body: { code: 'holder_not_found' } };
    expect(await change('C12', { email: 'x@after.test' }, officer(2))).toMatchObject(notFound);
    expect(await check('C12', officer(2), 'passport')).toMatchObject(notFound);
    expect(await server.call('GET', '/v1/holders/C12/identity-checks', { token: officer(2) })).toMatchObject(notFound);
    await expect(
      server.database.asApp(
        `INSERT INTO identity_check (holder_id, method, evidence_number, passed, checked_on, checked_by)
         SELECT id, 'letter', '1', true, '2018-03-12', $1 FROM holder WHERE customer_no = 'C12'`,
        [officers[2]?.staffId],
      ),
    ).rejects.toMatchObject({ code: 'HK001', constraint: 'identity_check_not_about_oneself' });
  });
});
