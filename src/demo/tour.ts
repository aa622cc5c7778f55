import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { takeCall } from './phone-call.js';
import { anchorHistory, proveAtHome } from './proofs.js';
import { findPending } from './stages/have-approved.js';
import type { Demo } from './stages/stage.js';
import { auth, J, pick, type Stop } from './tour-stop.js';

/** What was done, for the reader to do again. */
export interface Tour {
  readonly stops: readonly Stop[];
}

interface Places {
  readonly baseUrl: string;
  readonly mailboxUrl: string;
  readonly databaseUrl: string;
  /** All that was credited. */
  readonly creditedJpy: string;
}

interface Claim {
  readonly customerNo: string;
}

const ASK_AGAIN_MS = 200;

/** The people's side after the main job, each step done through the public API: on the phone, at home, by mail, in public. */
export async function takeTour(demo: Demo, { baseUrl, mailboxUrl, databaseUrl, creditedJpy }: Places): Promise<Tour> {
  const customerNo = await creditedCustomer(demo);
  const call = await takeCall(demo, baseUrl);
  const revealed = await reveal(demo, baseUrl, customerNo);
  const atHome = await signIn(demo, { baseUrl, mailboxUrl }, { customerNo, email: revealed.outcome });
  const mailed = await mailSome(demo, mailboxUrl);
  const progress = await publishProgress(demo, baseUrl);
  const proven = await proveAtHome(demo, { baseUrl, databaseUrl }, { accessToken: atHome.accessToken, creditedJpy });
  return { stops: [...call, revealed, ...atHome.stops, mailed, progress, proven, await anchorHistory(demo)] };
}

async function creditedCustomer({ people }: Demo): Promise<string> {
  const { items } = await people.as('officer1').read<{ items: Claim[] }>('/v1/claims?status=credited&limit=1');
  if (!items[0]) throw new Error('No claim is credited.');
  return items[0].customerNo;
}

/** Its outcome is what was revealed. */
async function reveal({ people }: Demo, baseUrl: string, customerNo: string): Promise<Stop> {
  const why = { fields: ['email'], reason: 'ログイン方法のご案内のため', reference: 'CALL-1' };
  const { email } = await people.as('agent').tell<{ email: string }>(`/v1/holders/${customerNo}/reveal`, why);
  return {
    title: 'and reveals one field of another customer, with a reason, on record',
    command: `curl -s ${auth('AGENT')} ${J} -d '${JSON.stringify(why)}' '${baseUrl}/v1/holders/${customerNo}/reveal'`,
    outcome: email,
  };
}

async function signIn(
  demo: Demo,
  { baseUrl, mailboxUrl }: Pick<Places, 'baseUrl' | 'mailboxUrl'>,
  { customerNo, email }: { customerNo: string; email: string },
): Promise<{ stops: Stop[]; accessToken: string }> {
  const { codeId } = await post<{ codeId: string }>(`${baseUrl}/v1/auth/customer/codes`, { email, customerNo });
  const code = await codeFor(demo, mailboxUrl, email);
  const { accessToken } = await post<{ accessToken: string }>(`${baseUrl}/v1/auth/customer/sessions`, { codeId, code });
  const own = { headers: { Authorization: `Bearer ${accessToken}` }, signal: demo.stop };
  const claim = (await (await fetch(`${baseUrl}/v1/me/claim`, own)).json()) as {
    state: { text: { ja: string } };
    amount: { calculation: { ja: string } };
  };
  const pdf = join(demo.folder, 'statement.pdf');
  const bytes = Buffer.from(await (await fetch(`${baseUrl}/v1/me/statement.pdf`, own)).arrayBuffer());
  await writeFile(pdf, bytes, { mode: 0o600 });

  const stops = [
    {
      title: 'The customer asks for a sign-in code, which is in the mailbox a moment later, and signs in with it',
      command: `CODE_ID=$(curl -s ${J} -d '${JSON.stringify({ email, customerNo })}' '${baseUrl}/v1/auth/customer/codes' | ${pick('codeId')})
sleep 3
CODE=$(curl -s '${mailboxUrl}' | grep -o '認証コード: [0-9]*' | head -n 1 | grep -o '[0-9]*')
CUSTOMER=$(curl -s ${J} -d "{\\"codeId\\":\\"$CODE_ID\\",\\"code\\":\\"$CODE\\"}" '${baseUrl}/v1/auth/customer/sessions' | ${pick('accessToken')})`,
      outcome: 'an access token for ten minutes',
    },
    {
      title: 'and reads the own claim, and saves a statement',
      command: `curl -s ${auth('CUSTOMER')} '${baseUrl}/v1/me/claim'
curl -s ${auth('CUSTOMER')} -o statement.pdf '${baseUrl}/v1/me/statement.pdf'
if command -v pdftotext > /dev/null; then pdftotext -layout statement.pdf -; else ls -l statement.pdf; fi`,
      outcome: `${claim.state.text.ja}: ${claim.amount.calculation.ja}; ${pdf}`,
    },
  ];
  return { stops, accessToken };
}

/** A campaign to the first twenty customers, written by one and released by another. */
async function mailSome(demo: Demo, mailboxUrl: string): Promise<Stop> {
  const writer = demo.people.as('officer1');
  const { id } = await writer.change<{ id: string }>('write the mails', '/v1/mail-campaigns', () => ({
    kind: 'policy_announced',
    subjectJa: '補償に関するお知らせ',
    subjectEn: 'About your compensation',
    textJa: '{{name}} 様\n\nお客様番号の末尾 {{customerNoEnd}} の補償についてお知らせします。お手続きは不要です。',
    textEn: 'Dear {{name}},\n\nthis is about customer number …{{customerNoEnd}}. You need do nothing.',
    waves: [
      { mostRecipients: 20, startsAt: new Date().toISOString(), mailsPerHour: 1_000_000, fromHour: 0, toHour: 24 },
    ],
  }));
  await writer.change('submit the mails', `/v1/mail-campaigns/${id}/submit`, () => null);
  const request = await findPending(demo, 'lead', 'mail_campaign', id);
  if (request) {
    const path = `/v1/approval-requests/${request.id}/decisions`;
    await demo.people.as('lead').change('release the mails', path, () => ({ decision: 'approve' }));
  }
  for (;;) {
    const { waves } = await writer.read<{ waves: { status: string }[] }>(`/v1/mail-campaigns/${id}`);
    if (waves.every(({ status }) => status === 'completed')) break;
    await pause(ASK_AGAIN_MS, undefined, { signal: demo.stop });
  }
  return {
    title: 'Twenty customers got a mail that one wrote and another released',
    command: `curl -s '${mailboxUrl}'`,
    outcome: 'no amount and no link in it',
  };
}

async function publishProgress(demo: Demo, baseUrl: string): Promise<Stop> {
  const asked = await demo.people
    .as('compliance1')
    .change<{ id: string }>('publish the progress', '/v1/incident/progress-releases', () => null);
  const request = await findPending(demo, 'checker1', 'progress_release', asked.id);
  if (request) {
    const path = `/v1/approval-requests/${request.id}/decisions`;
    await demo.people.as('checker1').change('agree to the progress', path, () => ({ decision: 'approve' }));
  }
  const progress = await demo.people
    .as('auditor')
    .read<{ creditedCount: string; holders: string }>('/v1/public/progress');
  return {
    title: 'Everybody may read how far the refund is, in steps too coarse to be about anybody',
    command: `curl -s '${baseUrl}/v1/public/progress'`,
    outcome: `${progress.creditedCount} of ${progress.holders} credited`,
  };
}

/** The newest code for an address, as its owner would read it. */
async function codeFor({ stop }: Demo, mailboxUrl: string, email: string): Promise<string> {
  for (;;) {
    const { items } = (await (await fetch(mailboxUrl, { signal: stop })).json()) as {
      items: { to: string; text: string }[];
    };
    const mail = items.find(({ to, text }) => to === email && text.includes('認証コード'));
    const code = /認証コード: (\d{6})/.exec(mail?.text ?? '')?.[1];
    if (code) return code;
    await pause(ASK_AGAIN_MS, undefined, { signal: stop });
  }
}

async function post<T>(url: string, json: object): Promise<T> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(json),
  });
  if (!response.ok) throw new Error(`${url} answered ${response.status}: ${await response.text()}`);
  return (await response.json()) as T;
}
