import { randomUUID } from 'node:crypto';
import type { CampaignView, MailView, SubmittedCampaignView } from '../../src/notification/campaign.views.js';
import { WaveExecution } from '../../src/notification/wave-execution.js';
import { createTestApp, type Answer, type TestApp } from '../harness/app.js';
import type { TestDatabase } from '../harness/database.js';
import { startInbox, type Inbox } from '../harness/inbox.js';
import { arrangeProgramme } from '../harness/programme.js';
import { createStaff, type TestStaff } from '../harness/staff.js';

/** A programme with holders C1, C2, …, each with the address of their number, and a mail server. */
export interface MailWorld {
  readonly server: TestApp;
  readonly inbox: Inbox;
  readonly writer: TestStaff;
  readonly releaser: TestStaff;
}

export const REPORT_SECRET = 'a secret that only the mail server knows, 98765';

export function createMailWorld(holders: number): Promise<MailWorld> {
  const quantitiesMicroXem = Array.from({ length: holders }, () => 1_000_000n);
  return createArrangedMailWorld((database) => arrangeProgramme(database, { quantitiesMicroXem, fundJpy: 1_000_000n }));
}

export async function createArrangedMailWorld(arrange: (database: TestDatabase) => Promise<void>): Promise<MailWorld> {
  const inbox = await startInbox();
  const server = await createTestApp({
    smtpUrl: inbox.url,
    mailFrom: 'info@henkin.test',
    mailReportSecret: REPORT_SECRET,
  });
  await arrange(server.database);
  await server.database.asSuperuser(
    `SET session_replication_role = replica; UPDATE holder SET email = lower(customer_no) || '@example.test', name = '山田 ' || customer_no`,
  );
  const [writer, releaser] = await Promise.all([
    createStaff(server, 'claims_officer'),
    createStaff(server, 'team_lead'),
  ]);
  return { server, inbox, writer, releaser };
}

export async function closeMailWorld({ server, inbox }: MailWorld): Promise<void> {
  await server.close();
  await inbox.close();
}

/** A wave that starts at once, at any hour, as fast as it can. */
export const wave = (changes: object = {}) => ({
  startsAt: '2018-03-13T09:00:00+09:00',
  mailsPerHour: 1_000_000,
  fromHour: 0,
  toHour: 24,
  ...changes,
});

export const campaign = (changes: object = {}) => ({
  kind: 'policy_announced',
  subjectJa: '補償に関するお知らせ',
  subjectEn: 'About your compensation',
  textJa: '{{name}} 様\n\nお客様番号の末尾 {{customerNoEnd}} の補償についてお知らせします。お手続きは不要です。',
  textEn: 'Dear {{name}},\n\nthis is about customer number …{{customerNoEnd}}.',
  waves: [wave()],
  ...changes,
});

export function post<B>({ server }: MailWorld, { token }: TestStaff, url: string, body?: unknown): Promise<Answer<B>> {
  return server.call<B>('POST', url, {
    token,
    ...(body === undefined ? {} : { body }),
    headers: { 'idempotency-key': randomUUID() },
  });
}

export function write(world: MailWorld, changes: object = {}): Promise<Answer<CampaignView & { code: string }>> {
  return post(world, world.writer, '/v1/mail-campaigns', campaign(changes));
}

/** Written by one, released by another; answers the campaign's id. */
export async function release(world: MailWorld, changes: object = {}): Promise<string> {
  const { body } = await write(world, changes);
  const asked = await post<SubmittedCampaignView>(world, world.writer, `/v1/mail-campaigns/${body.id}/submit`);
  const decided = await post(
    world,
    world.releaser,
    `/v1/approval-requests/${asked.body.approvalRequest.id}/decisions`,
    { decision: 'approve' },
  );
  if (decided.status !== 200) throw new Error(`release answered ${decided.status}: ${JSON.stringify(decided.body)}`);
  return body.id;
}

/** Works on a wave for as long as there is something to do now. */
export async function work({ server }: MailWorld, campaignId: string, seq = 1): Promise<void> {
  const [row] = await server.database.asSuperuser<{ id: string }>(
    'SELECT id FROM mail_wave WHERE campaign_id = $1 AND seq = $2',
    [campaignId, seq],
  );
  await server.app.get(WaveExecution, { strict: false }).execute(BigInt(row?.id ?? '0'), new AbortController().signal);
}

export async function show({ server, writer }: MailWorld, id: string): Promise<CampaignView> {
  return (await server.call<CampaignView>('GET', `/v1/mail-campaigns/${id}`, { token: writer.token })).body;
}

export async function mails({ server, writer }: MailWorld, id: string, query = ''): Promise<MailView[]> {
  const url = `/v1/mail-campaigns/${id}/mails?limit=100${query}`;
  return (await server.call<{ items: MailView[] }>('GET', url, { token: writer.token })).body.items;
}

/** Everything that waits may be tried again now. */
export async function skipWaiting({ server }: MailWorld): Promise<void> {
  await server.database.asSuperuser(
    `WITH off AS (SELECT set_config('session_replication_role', 'replica', false)),
     mails AS (UPDATE notification SET next_try_at = now() - interval '1 second' FROM off)
     UPDATE mail_wave SET next_mail_at = now() - interval '1 second' FROM off`,
  );
}
