import { callerAmong } from './caller.js';
import { findPending } from './stages/have-approved.js';
import type { Demo } from './stages/stage.js';
import { auth, J, type Stop } from './tour-stop.js';

interface Claim {
  readonly customerNo: string;
}
interface Page {
  readonly name: string | null;
  readonly claims: readonly { readonly whyNotCredited: readonly { readonly code: string }[] }[];
}
interface Script {
  readonly text: { readonly ja: string };
}

/** What agents need to have been released for the calls of this demo. */
const SAID = ['caller_self', 'under_review', 'not_approved', 'credited', 'topic_threat', 'topic_distress'];
const CLOSING = { topic: 'under_review', outcome: 'answered' };

/** A customer calls and asks why not yet: found, checked, told, all on record. */
export async function takeCall(demo: Demo, baseUrl: string): Promise<Stop[]> {
  await releaseScripts(demo);
  const agent = demo.people.as('agent');
  const found = await agent.read<{ items: unknown[] }>('/v1/holders/search?q=satou');
  const search = {
    title: 'An agent finds a caller by the sound of the name',
    command: `curl -s ${auth('AGENT')} '${baseUrl}/v1/holders/search?q=satou'`,
    outcome: `${found.items.length} hits`,
  };
  const held = await demo.people.as('officer1').read<{ items: Claim[] }>('/v1/claims?underReview=true&limit=100');
  const numbers = held.items.map(({ customerNo }) => customerNo);
  const caller = await callerAmong(demo.folder, numbers);
  if (!caller) return [search];
  return [search, await why(demo, baseUrl, caller.customerNo), ...(await converse(demo, baseUrl, caller))];
}

async function why({ people }: Demo, baseUrl: string, customerNo: string): Promise<Stop> {
  const page = await people.as('agent').read<Page>(`/v1/holders/${customerNo}`);
  return {
    title: 'and sees, of a held claim, why it is not credited',
    command: `curl -s ${auth('AGENT')} '${baseUrl}/v1/holders/${customerNo}'`,
    outcome: page.claims[0]?.whyNotCredited.map(({ code }) => code).join(', ') ?? '',
  };
}

async function converse(
  { people }: Demo,
  baseUrl: string,
  { customerNo, birthDate, phone }: { customerNo: string; birthDate: string; phone: string },
): Promise<Stop[]> {
  const agent = people.as('agent');
  const opening = { channel: 'phone', direction: 'inbound', caller: 'self', customerNo };
  const said = { birthDate, phone };
  const scripts = `/v1/scripts?for=not_approved&customerNo=${customerNo}`;
  const { id } = await agent.tell<{ id: string }>('/v1/contacts', opening);
  const checked = await agent.tell<{ passed: boolean }>(`/v1/contacts/${id}/caller-check`, said);
  const { name } = await agent.read<Page>(`/v1/holders/${customerNo}`);
  const { items } = await agent.read<{ items: Script[] }>(scripts);
  await agent.tell(`/v1/contacts/${id}/close`, CLOSING);

  const post = (path: string, body: object) =>
    `curl -s ${auth('AGENT')} ${J} -d '${JSON.stringify(body)}' "${baseUrl}${path}"`;
  return [
    {
      title: 'and opens a call with them, and compares what the caller says with what is on record',
      command: `CALL=$(${post('/v1/contacts', opening)} | sed 's/^{"id":"\\([0-9]*\\)".*/\\1/')
${post('/v1/contacts/$CALL/caller-check', said)}`,
      outcome: checked.passed ? 'passed' : 'not passed',
    },
    {
      title: 'which opens, for this call alone, the name and what may be said with its facts',
      command: `curl -s ${auth('AGENT')} '${baseUrl}/v1/holders/${customerNo}'
curl -s ${auth('AGENT')} '${baseUrl}${scripts}'`,
      outcome: `${name ?? ''}: ${items[0]?.text.ja.replaceAll('\n', ' ') ?? ''}`,
    },
    {
      title: 'and ends the call with its topic and outcome',
      command: post('/v1/contacts/$CALL/close', CLOSING),
      outcome: CLOSING.outcome,
    },
  ];
}

/** The drafts that the product comes with, as the team lead asks for them and compliance agrees. */
async function releaseScripts(demo: Demo): Promise<void> {
  const lead = demo.people.as('lead');
  for (const situation of SAID) {
    const { items } = await lead.read<{ items: { id: string; status: string }[] }>(
      `/v1/script-versions?for=${situation}&limit=1`,
    );
    const [draft] = items;
    if (draft?.status !== 'draft') continue;
    await lead.change(`release the script ${draft.id}`, `/v1/script-versions/${draft.id}/release`, () => null);
    const request = await findPending(demo, 'compliance1', 'script_release', draft.id);
    if (!request) continue;
    const path = `/v1/approval-requests/${request.id}/decisions`;
    await demo.people
      .as('compliance1')
      .change(`agree to the script ${draft.id}`, path, () => ({ decision: 'approve' }));
  }
}
