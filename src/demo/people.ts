import { randomBytes, randomUUID } from 'node:crypto';
import type { Api } from './api.js';
import { ApiProblem } from './api.js';
import { AuthenticatorApp } from './authenticator-app.js';
import type { ActivePerson, Journal, KeptPerson } from './journal.js';
import { Person, type Tokens } from './person.js';

/** Who works in the demo. Above 100,000,000 yen two check what one has made, so there are three of those who approve claims. */
const STAFF = [
  { login: 'admin', role: 'administrator', displayName: '高城 亜紀' },
  { login: 'admin2', role: 'administrator', displayName: '森 千尋' },
  { login: 'maker', role: 'finance_maker', displayName: '小田 悠' },
  { login: 'checker1', role: 'finance_checker', displayName: '三枝 律子' },
  { login: 'checker2', role: 'finance_checker', displayName: '堀 正吾' },
  { login: 'officer1', role: 'claims_officer', displayName: '相良 美帆' },
  { login: 'officer2', role: 'claims_officer', displayName: '葛西 亘' },
  { login: 'officer3', role: 'claims_officer', displayName: '仁科 玲' },
  { login: 'compliance1', role: 'compliance', displayName: '戸田 慎' },
  { login: 'compliance2', role: 'compliance', displayName: '梶原 文' },
  { login: 'agent', role: 'support_agent', displayName: '早川 結' },
  { login: 'lead', role: 'team_lead', displayName: '有馬 周' },
  { login: 'auditor', role: 'auditor', displayName: '榊 隆之' },
] as const;

export type Login = (typeof STAFF)[number]['login'];
export type DemoRole = (typeof STAFF)[number]['role'];
type Hire = (typeof STAFF)[number];

/** What the account of an administrator is made with, on the machine itself; answers the activation token. */
export type MakeAdministrator = (login: string, displayName: string) => Promise<string>;

/** All the people of the demo, signed in as they are needed. */
export class People {
  private constructor(private readonly people: ReadonlyMap<Login, Person>) {}

  /** Makes the accounts that are not there yet; the administrator asks for the others through the API, and a second one agrees. */
  static async hire(api: Api, journal: Journal, makeAdministrator: MakeAdministrator): Promise<People> {
    const people = new Map<Login, Person>();
    for (const hire of STAFF) {
      const [administrator, second] = [people.get('admin'), people.get('admin2')];
      const account =
        administrator && second
          ? () => makeAccount(administrator, second, hire)
          : () => makeAdministrator(hire.login, hire.displayName);
      people.set(hire.login, await hired(api, journal, hire.login, account));
    }
    return new People(people);
  }

  as(login: Login): Person {
    const person = this.people.get(login);
    if (!person) throw new Error(`Nobody is called ${login}.`);
    return person;
  }

  /** One person of each role. */
  get byRole(): ReadonlyMap<DemoRole, Person> {
    return new Map([...STAFF].reverse().map(({ role, login }) => [role, this.as(login)]));
  }
}

/** The person with an active account: made, taken up where an interruption left it, or simply there. */
async function hired(api: Api, journal: Journal, login: Login, makeAccount: () => Promise<string>): Promise<Person> {
  const kept = journal.person(login);
  if (kept && isActive(kept)) return new Person(api, journal, kept);
  const password = kept?.password ?? randomBytes(18).toString('base64url');
  const activationToken = kept?.activationToken ?? (await makeAccount());
  const waiting = { login, password, activationToken, totpSecret: kept?.totpSecret ?? null };
  await journal.keepPerson(waiting);
  try {
    return await activate(api, journal, waiting);
  } catch (error) {
    // The token works once: if it is spent, the account was activated before the interruption.
    if (!(kept?.totpSecret && error instanceof ApiProblem && error.code === 'activation_refused')) throw error;
    const active = { login, password, activationToken: null, totpSecret: kept.totpSecret };
    await journal.keepPerson(active);
    return new Person(api, journal, active);
  }
}

interface Offer {
  readonly challengeToken: string;
  readonly enrolment: { readonly totp: { readonly secret: string } };
}

/** Chooses the password, puts the offered secret into an authenticator app, and is signed in with its first code. */
async function activate(api: Api, journal: Journal, { login, password, activationToken }: KeptPerson): Promise<Person> {
  const { challengeToken, enrolment } = await api.ask<Offer>({
    method: 'POST',
    path: '/v1/auth/activate',
    json: { activationToken, password },
  });
  const totpSecret = enrolment.totp.secret;
  await journal.keepPerson({ login, password, activationToken, totpSecret });
  const app = new AuthenticatorApp(totpSecret);
  const json = { challengeToken, totp: await app.code() };
  const tokens = await api.ask<Tokens>({ method: 'POST', path: '/v1/auth/activate/second-factor', json });
  const active = { login, password, activationToken: null, totpSecret };
  await journal.keepPerson(active);
  return new Person(api, journal, active, app, tokens);
}

function isActive(kept: KeptPerson): kept is ActivePerson {
  return kept.activationToken === null && kept.totpSecret !== null;
}

/** The account of a colleague, to which two agree; one that an interruption left without a password gets a new token. */
async function makeAccount(administrator: Person, second: Person, { login, role, displayName }: Hire): Promise<string> {
  try {
    // No journal: an answer that was lost is asked for anew, and what nobody agreed to lapses.
    const idempotencyKey = randomUUID();
    const { activationToken, approvalRequest } = await administrator.ask<{
      activationToken: string;
      approvalRequest: { id: string };
    }>({ method: 'POST', path: '/v1/staff', json: { login, role, displayName }, idempotencyKey });
    await agree(second, `hire ${login}`, approvalRequest.id);
    return activationToken;
  } catch (error) {
    if (!(error instanceof ApiProblem && error.code === 'login_taken')) throw error;
  }
  const { items } = await administrator.read<{ items: { id: string; login: string }[] }>('/v1/staff?limit=100');
  const known = items.find((account) => account.login === login);
  if (!known) throw new Error(`The login ${login} is taken and yet nobody has it.`);
  const { activationToken, approvalRequest } = await administrator.tell<{
    activationToken: string;
    approvalRequest: { id: string };
  }>(`/v1/staff/${known.id}/reset`, { reason: 'The token was lost before it was used.' });
  await agree(second, `reset ${login}`, approvalRequest.id);
  return activationToken;
}

async function agree(second: Person, what: string, requestId: string): Promise<void> {
  await second.change(`${what} ${requestId}`, `/v1/approval-requests/${requestId}/decisions`, () => ({
    decision: 'approve',
  }));
}
