import { Jobs } from '../../src/platform/jobs/jobs.js';
import type { Answer, TestApp } from '../harness/app.js';
import { createTestApp } from '../harness/app.js';
import { eventually } from '../harness/eventually.js';
import { startInbox, type Inbox } from '../harness/inbox.js';
import { readMail } from '../../src/demo/mail-text.js';

interface Signed {
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly code: string;
}

describe('signing in as a customer by a mailed code', () => {
  let server: TestApp;
  let inbox: Inbox;
  let ips = 0;
  beforeAll(async () => {
    inbox = await startInbox();
    server = await createTestApp({ smtpUrl: inbox.url, mailFrom: 'info@henkin.test' });
    await server.database.asSuperuser(
      `WITH people AS (
         INSERT INTO holder (customer_no, kind, email, country, language, account_status, identity_status)
         SELECT no, 'individual', email, 'JP', 'ja', status::account_status, 'none'
         FROM (VALUES ('C1', 'One@Example.test', 'open'), ('C2', 'two@example.test', 'open'), ('C3', 'both@example.test', 'open'),
                      ('C4', 'both@example.test', 'open'), ('C5', 'late@example.test', 'deceased'), ('C6', 'six@example.test', 'open'),
                      ('C7', 'seven@example.test', 'open'), ('C8', 'eight@example.test', 'open'), ('C9', 'nine@example.test', 'open')) AS given (no, email, status)
         RETURNING id, email)
       INSERT INTO holder_search_key (holder_id, email_key) SELECT id, lower(email) FROM people`,
    );
    await server.app.get(Jobs, { strict: false }).start();
  });
  afterAll(async () => {
    await server.close();
    await inbox.close();
  });

  const freshIp = () => `10.9.${Math.floor(ips / 250)}.${(ips++ % 250) + 1}`;
  const ask = (body: object, remoteAddress = freshIp()) =>
    server.call<{ codeId: string; code: string }>('POST', '/v1/auth/customer/codes', { body, remoteAddress });
  const spend = (codeId: string, code: string): Promise<Answer<Signed>> =>
    server.call('POST', '/v1/auth/customer/sessions', { body: { codeId, code }, remoteAddress: freshIp() });
  const mailTo = (to: string, after = 0) =>
    eventually(() => inbox.mails().filter((mail) => mail.to.toLowerCase() === to)[after]);
  const codeIn = async (to: string, after = 0) =>
    /認証コード: (\d{6})/.exec(readMail(await mailTo(to, after)).text)?.[1] ?? '';
  const wrong = (code: string) => String((Number(code) + 1) % 1_000_000).padStart(6, '0');

  it('works once, with the code from the mail, and opens customers’ routes only', async () => {
    const { status, body, headers } = await ask({ email: 'one@example.TEST' });
    expect(status).toBe(202);
    expect(headers['cache-control']).toBe('no-store');
    const code = await codeIn('one@example.test');
    const signed = await spend(body.codeId, code);
    expect(signed.status).toBe(200);
    const token = signed.body.accessToken;
    expect((await server.call('GET', '/v1/claims', { token })).status).toBe(401);
    expect(await spend(body.codeId, code)).toMatchObject({ status: 401, body: { code: 'code_refused' } });
    expect((await server.call('POST', '/v1/auth/customer/logout', { token })).status).toBe(204);
    expect((await server.call('POST', '/v1/auth/customer/logout', { token })).status).toBe(401);
    expect(await server.database.asSuperuser('SELECT method FROM customer_sign_in')).toEqual([{ method: 'code' }]);
  });

  it('answers unknown addresses and the deceased alike, and mails nobody', async () => {
    const known = await ask({ email: 'two@example.test' });
    await mailTo('two@example.test');
    for (const email of ['nobody@example.test', 'late@example.test']) {
      const answer = await ask({ email });
      expect({ ...answer.body, codeId: '' }).toEqual({ ...known.body, codeId: '' });
      expect(answer.status).toBe(known.status);
      expect(await spend(answer.body.codeId, '123456')).toMatchObject({ status: 401, body: { code: 'code_refused' } });
    }
    await eventually(async () => {
      const [left] = await server.database.asSuperuser<{ n: string }>(
        'SELECT count(*) AS n FROM graphile_worker._private_jobs',
      );
      return left?.n === '0';
    });
    expect(inbox.mails().filter(({ to }) => /nobody|late/.test(to))).toEqual([]);
  });

  it('five wrong tries end a code, also at once, and the right one comes too late', async () => {
    const { body } = await ask({ email: 'six@example.test' });
    const code = await codeIn('six@example.test');
    const tries = await Promise.all(Array.from({ length: 8 }, () => spend(body.codeId, wrong(code))));
    expect(tries.map(({ status }) => status)).toEqual(Array<number>(8).fill(401));
    expect((await spend(body.codeId, code)).status).toBe(401);
    expect(await server.database.asSuperuser('SELECT tries FROM customer_code WHERE id = $1', [body.codeId])).toEqual([
      { tries: 5 },
    ]);
  });

  it('of thirty at once with the right code one signs in', async () => {
    const { body } = await ask({ email: 'seven@example.test' });
    const code = await codeIn('seven@example.test');
    const tries = await Promise.all(Array.from({ length: 30 }, () => spend(body.codeId, code)));
    expect(tries.filter(({ status }) => status === 200)).toHaveLength(1);
  });

  it('[06] of thirty refreshes at once one wins, and a spent token that comes again ends the session', async () => {
    const { body } = await ask({ email: 'nine@example.test' });
    const signed = (await spend(body.codeId, await codeIn('nine@example.test'))).body;
    const refresh = (refreshToken: string) =>
      server.call<Signed>('POST', '/v1/auth/customer/refresh', { body: { refreshToken } });
    const works = async ({ accessToken }: Signed) =>
      (await server.call('GET', '/v1/me/claim', { token: accessToken })).status !== 401;

    const answers = await Promise.all(Array.from({ length: 30 }, () => refresh(signed.refreshToken)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array<number>(29).fill(401)]);
    const [winner] = answers.filter(({ status }) => status === 200).map((answer) => answer.body) as [Signed];
    expect(await works(winner)).toBe(true);
    const next = (await refresh(winner.refreshToken)).body;
    expect(await works(next)).toBe(true);
    expect(await refresh(signed.refreshToken)).toMatchObject({ status: 401, body: { code: 'session_ended' } });
    expect(await works(next)).toBe(false);
    expect((await refresh(next.refreshToken)).status).toBe(401);
  });

  it('a code of yesterday is refused', async () => {
    const { body } = await ask({ email: 'eight@example.test' });
    const code = await codeIn('eight@example.test');
    await server.database.asSuperuser(
      `UPDATE customer_code SET expires_at = now() - interval '1 second' WHERE id = $1`,
      [body.codeId],
    );
    expect((await spend(body.codeId, code)).status).toBe(401);
  });

  it('an address that several customers share needs the customer number too', async () => {
    await ask({ email: 'both@example.test' });
    const told = readMail(await mailTo('both@example.test'));
    expect(told.text).toContain('お客様番号');
    expect(told.text).not.toMatch(/\d{6}/);
    const { body } = await ask({ email: 'both@example.test', customerNo: 'C4' });
    const { accessToken } = (await spend(body.codeId, await codeIn('both@example.test', 1))).body;
    expect(accessToken).toBeDefined();
  });

  it('an address is mailed five times an hour, and then everybody is told to wait', async () => {
    const statuses: number[] = [];
    for (let n = 0; n < 7; n += 1) statuses.push((await ask({ email: 'patient@example.test' })).status);
    expect(statuses).toEqual([202, 202, 202, 202, 202, 429, 429]);
    expect((await ask({ email: 'PATIENT@example.test' })).headers['retry-after']).toMatch(/^\d+$/);
  });

  it.each([
    [{ email: 'no address' }],
    [{ email: ['one@example.test'] }],
    [{ email: 'one@example.test', customerNo: "C1' OR 1=1" }],
    [{}],
  ])('refuses %j', async (body) => {
    expect(await ask(body)).toMatchObject({ status: 400, body: { code: 'validation_failed' } });
  });

  it('says so where no mail can be sent', async () => {
    const mute = await createTestApp();
    try {
      const answer = await mute.call('POST', '/v1/auth/customer/codes', { body: { email: 'one@example.test' } });
      expect(answer).toMatchObject({ status: 503, body: { code: 'mail_sign_in_not_offered' } });
    } finally {
      await mute.close();
    }
  });

  it('keeps no code in clear anywhere', async () => {
    const codes = inbox.mails().flatMap((mail) => /認証コード: (\d{6})/.exec(readMail(mail).text)?.[1] ?? []);
    expect(codes.length).toBeGreaterThan(3);
    const rows = await server.database.asSuperuser(
      'SELECT to_jsonb(c)::text AS text FROM customer_code c UNION ALL SELECT to_jsonb(e)::text FROM audit_event e',
    );
    for (const code of codes) expect(rows.some(({ text }) => String(text).includes(`"${code}"`))).toBe(false);
  });
});
