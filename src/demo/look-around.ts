import { projectRoot } from '../platform/database/project-root.js';
import { untilStopped } from '../platform/installation/stop-signal.js';
import type { DemoRole } from './people.js';
import type { Progress } from './progress.js';
import type { DemoServer } from './server.js';
import type { Demo } from './stages/stage.js';
import type { Tour } from './tour.js';
import { J, pick } from './tour-stop.js';

interface Places {
  readonly server: DemoServer;
  readonly mailboxUrl: string;
}

/** What each role may look at; `{claim}` and `{customer}` stand for one of the made-up customers. */
const LOOKS: Readonly<Record<DemoRole, string>> = {
  administrator: '/v1/staff?limit=20',
  finance_maker: '/v1/ledger/accounts',
  finance_checker: '/v1/approval-requests?limit=10',
  claims_officer: '/v1/claims/{claim}',
  compliance: '/v1/claims?underReview=true&limit=10',
  support_agent: '/v1/holders/{customer}',
  team_lead: '/v1/holders/search?q={claim}',
  auditor: '/v1/reconciliation',
};

/** A token of ten minutes for one person of each role. */
export async function freshTokens({ people }: Demo): Promise<Record<DemoRole, string>> {
  const tokens = await Promise.all(
    [...people.byRole].map(async ([role, person]) => [role, await person.freshToken()] as const),
  );
  return Object.fromEntries(tokens) as Record<DemoRole, string>;
}

/** Says where everything is and waits to be ended. */
export async function stayUp(demo: Demo, tour: Tour, places: Places, progress: Progress): Promise<void> {
  progress.say(await invitation(demo, tour, places));
  await untilStopped(demo.stop);
}

async function invitation(demo: Demo, tour: Tour, { server: { baseUrl }, mailboxUrl }: Places): Promise<string> {
  const { items } = await demo.people
    .as('auditor')
    .read<{ items: { claimNo: string; customerNo: string }[] }>('/v1/claims?limit=1');
  const [example] = items;
  const fresh = await freshTokens(demo);
  const tokens = Object.entries(fresh) as [DemoRole, string][];
  const lines = tokens.map(([role, token]) => {
    const path = LOOKS[role]
      .replace('{claim}', example?.claimNo ?? '')
      .replace('{customer}', example?.customerNo ?? '');
    return `# ${role}\ncurl -s -H 'Authorization: Bearer ${token}' '${baseUrl}${path}'`;
  });
  const { login, password, totpSecret } = demo.people.as('auditor').account;
  return `The server stays up until Ctrl-C; \`npm run demo -- --keep\` goes on with this database later.

  API           ${baseUrl}/v1
  Documentation ${baseUrl}/docs
  Metrics       ${baseUrl}/metrics
  Mailbox       ${mailboxUrl}
  Files         ${demo.folder}

These tokens are good for ten minutes:

${lines.join('\n')}

What was done after the books were reconciled, to do again:

AGENT='${fresh.support_agent}'
${tour.stops.map(({ title, command }) => `# ${title}\n${command}`).join('\n')}

# A new token, in two steps: the password, then a code of the authenticator app, each code once (refused? wait half a minute).
# Logins, passwords and secrets of all are in ${demo.folder}/journal.json; run it in ${projectRoot}
CHALLENGE=$(curl -s ${J} -d '{"login":"${login}","password":"${password}"}' '${baseUrl}/v1/auth/login' | ${pick('challengeToken')})
TOTP=$(node -e 'import("otpauth").then(({ TOTP, Secret }) => console.log(new TOTP({ secret: Secret.fromBase32("${totpSecret}") }).generate()))')
curl -s ${J} -d "{\\"challengeToken\\":\\"$CHALLENGE\\",\\"totp\\":\\"$TOTP\\"}" '${baseUrl}/v1/auth/login/second-factor'
`;
}
