import { eventually } from '../harness/eventually.js';
import { campaign } from '../notification/campaigns.js';
import { approve, type People } from '../job/job.js';
import { textAt } from '../job/job-client.js';
import type { Installation } from './installation.js';

/** Unsent is a mail against which something stood, such as an address that is none any more. */
const ENDS = new Set(['sent', 'outcome_unknown', 'unsent']);

interface Wave {
  readonly status: string;
}

/** A mail to everybody, written by one and released by another; the servers send it beside everything else. Answers its id. */
export async function startMails({ officer, officers }: People): Promise<string> {
  const id = textAt(await officer.post('/v1/mail-campaigns', campaign()), 'id');
  const asked = await officer.post(`/v1/mail-campaigns/${id}/submit`);
  await approve(textAt(asked, 'approvalRequest', 'id'), officers);
  return id;
}

export async function untilMailed({ officer }: People, id: string): Promise<void> {
  await eventually(async () => {
    const { body } = await officer.get(`/v1/mail-campaigns/${id}`);
    const [wave] = body.waves as Wave[];
    if (wave?.status === 'paused' || wave?.status === 'cancelled') throw new Error(JSON.stringify(body));
    return wave?.status === 'completed';
  });
}

/** Nobody is mailed twice, whoever is said to be mailed is, and of the others it is said why not. */
export async function wrongMails({ office, inbox }: Installation, campaignId: string): Promise<string[]> {
  const written = await office.database.asSuperuser<{ holder_id: string; status: string; message_id: string }>(
    'SELECT holder_id, status, message_id FROM notification WHERE campaign_id = $1',
    [campaignId],
  );
  const arrived = inbox.mails().map(({ messageId }) => messageId);
  const sent = written.filter(({ status }) => status === 'sent');
  const expected: Readonly<Record<string, readonly [number, number]>> = {
    'mails that arrived twice': [arrived.length - new Set(arrived).size, 0],
    'customers with two mails': [written.length - new Set(written.map((mail) => mail.holder_id)).size, 0],
    'mails said to be sent that did not arrive': [sent.filter((mail) => !arrived.includes(mail.message_id)).length, 0],
    'mails with no end': [written.filter(({ status }) => !ENDS.has(status)).length, 0],
  };
  return Object.entries(expected)
    .filter(([, [seen, wanted]]) => seen !== wanted)
    .map(([name, [seen]]) => `${name}: ${seen}`);
}
