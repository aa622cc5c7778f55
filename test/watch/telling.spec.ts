import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Jobs } from '../../src/platform/jobs/jobs.js';
import { WatchObserver } from '../../src/watch/watch-observer.js';
import { createTestApp, type TestApp } from '../harness/app.js';
import type { Child } from '../harness/child-process.js';
import { eventually } from '../harness/eventually.js';
import { startInbox, type Inbox } from '../harness/inbox.js';
import { startWatch } from '../harness/server-process.js';

const NIGHT_DUTY = 'night-duty@henkin.test';

describe('what the watch tells', () => {
  let server: TestApp;
  let inbox: Inbox;
  let watch: Child;
  let webhook: Server;
  let hangs = true;
  const posted: string[] = [];

  beforeAll(async () => {
    inbox = await startInbox();
    webhook = createServer((request, response) => {
      let body = '';
      request.setEncoding('utf8').on('data', (piece: string) => (body += piece));
      request.on('end', () => {
        if (hangs) return;
        posted.push(body);
        response.end();
      });
    });
    webhook.listen(0, '127.0.0.1');
    await once(webhook, 'listening');
    const watchWebhookUrl = `http://127.0.0.1:${(webhook.address() as AddressInfo).port}/alerts`;
    server = await createTestApp({
      smtpUrl: inbox.url,
      mailFrom: 'info@henkin.test',
      watchMailTo: NIGHT_DUTY,
      watchWebhookUrl,
    });
    watch = await startWatch(server.database, {
      SMTP_URL: inbox.url,
      MAIL_FROM: 'info@henkin.test',
      WATCH_MAIL_TO: NIGHT_DUTY,
      WATCH_WEBHOOK_URL: watchWebhookUrl,
    });
  });
  afterAll(async () => {
    await watch.end('SIGTERM');
    await server.close();
    await inbox.close();
    webhook.closeAllConnections();
    webhook.close();
  });

  const asSuperuser = <R extends object>(sql: string) => server.database.asSuperuser<R & Record<string, unknown>>(sql);
  const observer = () => server.app.get(WatchObserver, { strict: false });
  const seenAt = async () =>
    (await asSuperuser<{ at: string }>('SELECT seen_at::text AS at FROM watch_heartbeat'))[0]?.at ?? '';
  const notices = async () =>
    (await asSuperuser<{ channel: string }>('SELECT DISTINCT channel FROM watch_notice ORDER BY 1')).map(
      ({ channel }) => channel,
    );

  it('reaches people by mail while the webhook hangs, which holds nothing up', async () => {
    await asSuperuser(
      `SET session_replication_role = replica; UPDATE ledger_account SET balance_jpy = 7 WHERE kind = 'compensation_fund'`,
    );
    const mail = await eventually(() => inbox.mails().find(({ to }) => to === NIGHT_DUTY));
    expect(mail.raw).toMatch(/^Subject: /mu);
    expect(watch.output()).toContain('programme_account_differs');
    expect(await asSuperuser('SELECT FROM kill_switch_pull WHERE release_id IS NULL')).toHaveLength(1);
    for (let finished = 0; finished < 2; finished++) {
      const before = await seenAt();
      await eventually(async () => (await seenAt()) !== before);
    }
    expect(await notices()).toEqual(['mail']);
  }, 30_000);

  it('reaches the webhook once it answers', async () => {
    hangs = false;
    await eventually(() => posted.length > 0);
    expect(JSON.parse(posted[0] ?? '')).toMatchObject({
      alerts: [{ kind: 'programme_account_differs', subject: 'account:compensation_fund:7', stopsCrediting: true }],
    });
    await eventually(async () => (await notices()).includes('webhook'));
  }, 30_000);

  it('becomes one thing to do for compliance, and a figure for monitoring', async () => {
    for (let time = 0; time < 2; time += 1) await observer().look({ graceIsOver: false });
    expect(
      await asSuperuser(`SELECT subject_type, dedupe_key, status FROM work_item WHERE kind = 'watch_alert'`),
    ).toEqual([{ subject_type: 'watch_alert', dedupe_key: 'kind:programme_account_differs', status: 'open' }]);
    const { body } = await server.call<string>('GET', '/metrics');
    expect(body).toContain('henkin_watch_lives 1');
    expect(body).toContain('henkin_kill_switch_pulled 1');
    expect(body).toContain('henkin_watch_alerts{kind="programme_account_differs"} 1');
  });

  it('is told of by the server when the watch is dead', async () => {
    await watch.end('SIGKILL');
    await observer().look({ graceIsOver: true });
    expect(await asSuperuser(`SELECT FROM watch_alert WHERE kind = 'watch_absent'`)).toEqual([]);
    await asSuperuser(
      `SET session_replication_role = replica; UPDATE watch_heartbeat SET seen_at = now() - interval '16 seconds'`,
    );
    await observer().look({ graceIsOver: false });
    expect(await asSuperuser(`SELECT FROM watch_alert WHERE kind = 'watch_absent'`)).toEqual([]);
    for (let time = 0; time < 2; time += 1) await observer().look({ graceIsOver: true });
    expect(await asSuperuser(`SELECT FROM watch_alert WHERE kind = 'watch_absent'`)).toHaveLength(1);
    const before = inbox.mails().length;
    await server.app.get(Jobs).start();
    await eventually(() => inbox.mails().length > before);
    await eventually(() => posted.some((body) => body.includes('watch_absent')));
    expect((await server.call<string>('GET', '/metrics')).body).toContain('henkin_watch_lives 0');
  }, 30_000);
});
