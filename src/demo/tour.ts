import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { findPending } from './stages/have-approved.js';
import type { Demo } from './stages/stage.js';

/** What was done, and with whose token the reader may do it again. */
export interface Tour {
  readonly customerToken: string;
  readonly stops: readonly Stop[];
}

/** One thing that somebody did, as the command by which the reader does it again, and what came of it. */
export interface Stop {
  readonly title: string;
  readonly command: string;
  readonly outcome: string;
}

interface Places {
  readonly baseUrl: string;
  readonly mailboxUrl: string;
}

interface Claim {
  readonly customerNo: string;
}

interface Page {
  readonly claims: readonly { readonly whyNotCredited: readonly { readonly code: string }[] }[];
}

const ASK_AGAIN_MS = 200;
const J = `-H 'Content-Type: application/json'`;
const auth = (who: string) => `-H "Authorization: Bearer $${who}"`;

/** The people's side after the main job, each step done through the public API: on the phone, at home, by mail, in public. */
export async function takeTour(demo: Demo, { baseUrl, mailboxUrl }: Places): Promise<Tour> {
  const customerNo = await creditedCustomer(demo);
  const onThePhone = await lookUp(demo, baseUrl, customerNo);
  const atHome = await signIn(demo, { baseUrl, mailboxUrl }, { customerNo, email: onThePhone.email });
  return {
    customerToken: atHome.accessToken,
    stops: [
      ...onThePhone.stops,
      ...atHome.stops,
      await mailSome(demo, mailboxUrl),
      await publishProgress(demo, baseUrl),
    ],
  };
}

async function creditedCustomer({ people }: Demo): Promise<string> {
  const { items } = await people.as('officer1').read<{ items: Claim[] }>('/v1/claims?status=credited&limit=1');
  if (!items[0]) throw new Error('No claim is credited.');
  return items[0].customerNo;
}

async function lookUp(
  { people }: Demo,
  baseUrl: string,
  customerNo: string,
): Promise<{ email: string; stops: Stop[] }> {
  const [agent, officer] = [people.as('agent'), people.as('officer1')];
  const found = await agent.read<{ items: unknown[] }>('/v1/holders/search?q=satou');
  const held = await officer.read<{ items: Claim[] }>('/v1/claims?underReview=true&limit=1');
  const heldNo = held.items[0]?.customerNo;
  const page = heldNo === undefined ? null : await agent.read<Page>(`/v1/holders/${heldNo}`);
  const why = { fields: ['email'], reason: 'ログイン方法のご案内のため', reference: 'CALL-1' };
  const { email } = await agent.tell<{ email: string }>(`/v1/holders/${customerNo}/reveal`, why);

  const stops = [
    {
      title: 'An agent finds a caller by the sound of the name',
      command: `curl -s ${auth('AGENT')} '${baseUrl}/v1/holders/search?q=satou'`,
      outcome: `${found.items.length} hits`,
    },
    {
      title: 'and sees why a claim is not credited, and what may be said',
      command: `curl -s ${auth('AGENT')} '${baseUrl}/v1/holders/${heldNo ?? customerNo}'`,
      outcome: page?.claims[0]?.whyNotCredited.map((reason) => reason.code).join(', ') ?? 'nobody is held',
    },
    {
      title: 'and reveals one field, with a reason, on record',
      command: `curl -s ${auth('AGENT')} ${J} -d '${JSON.stringify(why)}' '${baseUrl}/v1/holders/${customerNo}/reveal'`,
      outcome: email,
    },
  ];
  return { email, stops };
}

async function signIn(
  demo: Demo,
  { baseUrl, mailboxUrl }: Places,
  { customerNo, email }: { customerNo: string; email: string },
): Promise<{ accessToken: string; stops: Stop[] }> {
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
      title: 'The customer asks for a sign-in code, which is in the mailbox, and signs in with it',
      command: `curl -s ${J} -d '{"email":"${email}","customerNo":"${customerNo}"}' '${baseUrl}/v1/auth/customer/codes'
curl -s '${mailboxUrl}'
curl -s ${J} -d '{"codeId":"…","code":"…"}' '${baseUrl}/v1/auth/customer/sessions'`,
      outcome: 'an access token for ten minutes',
    },
    {
      title: 'and reads the own claim, and saves a statement',
      command: `curl -s ${auth('CUSTOMER')} '${baseUrl}/v1/me/claim'
curl -s ${auth('CUSTOMER')} -o statement.pdf '${baseUrl}/v1/me/statement.pdf'`,
      outcome: `${claim.state.text.ja}: ${claim.amount.calculation.ja}; ${pdf}`,
    },
  ];
  return { accessToken, stops };
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
