import { createStaff, stepUp, type TestStaff } from '../harness/staff.js';
import { Installation, type FaultSettings } from './installation.js';
import { verdict } from './verdict.js';
import { doFirstJob } from './work.js';

export interface SameKeySettings extends FaultSettings {
  readonly keys: number;
  /** How often each key is sent, all at once. */
  readonly tries: number;
}

/** One change that is asked for again and again under one key. */
interface Change {
  readonly key: string;
  readonly path: string;
  readonly body: object;
  readonly by: TestStaff;
}

const KEYS_AT_ONCE = 4;
/** Shorter than a second factor counts as fresh. */
const FRESH_FOR_MS = 120_000;
/** Of the tries, how many are given up, and within how many milliseconds. */
const CANCELLED = 0.3;
const CANCELLED_WITHIN_MS = 40;

/** Notes and fundings, each sent many times under its key to both servers, some of them given up on the way. */
export async function sendSameKeys(settings: SameKeySettings): Promise<string[]> {
  const installation = await Installation.open(settings);
  try {
    const people = await installation.hire();
    const acknowledged = await doFirstJob(people, settings);
    const changes = await plan(installation, settings.keys);
    const wrong: string[] = [];
    const line = changes.values();
    const worker = async () => {
      for (const change of line) wrong.push(...(await sendManyTimes(installation, settings, change)));
    };
    await Promise.all(Array.from({ length: KEYS_AT_ONCE }, worker));
    return [
      ...wrong,
      ...(await countEffects(installation, settings.keys)),
      ...(await verdict(installation, people, acknowledged)),
    ];
  } finally {
    await installation.close();
    settings.figures.rounds += 1;
  }
}

async function plan({ office }: Installation, keys: number): Promise<Change[]> {
  const agent = await createStaff(office, 'support_agent');
  const maker = await createStaff(office, 'finance_maker');
  const holders = await office.database.asSuperuser<{ customer_no: string }>('SELECT customer_no FROM holder');
  return Array.from({ length: keys }, (_, nth) => {
    const customerNo = holders[nth % holders.length]?.customer_no ?? '';
    const funding = {
      amountJpy: '1',
      bankReference: `SAME-KEY-${nth}`,
      valueDate: '2018-03-12',
      segregatedAccount: '1',
    };
    return nth % 2 === 0
      ? { key: `same-key-${nth}`, path: '/v1/ledger/fundings', body: funding, by: maker }
      : { key: `same-key-${nth}`, path: `/v1/holders/${customerNo}/notes`, body: note(nth), by: agent };
  });
}

const note = (nth: number) => ({ text: `Same key ${nth}`, topic: 'timing' });

/** Answers what was answered wrongly: another answer to the same key, or anything but a done, a wait and a not now. */
async function sendManyTimes(installation: Installation, settings: SameKeySettings, change: Change): Promise<string[]> {
  const { random, figures } = settings;
  const answers = await Promise.all(
    Array.from({ length: settings.tries }, () =>
      send(
        installation,
        change,
        random() < CANCELLED ? AbortSignal.timeout(Math.floor(random() * CANCELLED_WITHIN_MS)) : null,
      ),
    ),
  );
  figures.idempotencyKeys += 1;
  figures.idempotentTries += settings.tries;
  figures.cancelledTries += answers.filter((answer) => answer === 'cancelled').length;
  // One more that nobody gives up: whoever keeps asking gets the answer.
  let last = 'not now';
  while (last === 'not now') last = await send(installation, change, null);
  return [...new Set([...answers, last])]
    .filter((answer) => answer !== 'cancelled' && answer !== 'not now' && answer !== last)
    .map((answer) => `${change.key} was answered ${answer} and ${last}`);
}

async function send(installation: Installation, change: Change, signal: AbortSignal | null): Promise<string> {
  try {
    const response = await fetch(installation.anyServer().url + change.path, {
      method: 'POST',
      body: JSON.stringify(change.body),
      headers: {
        'Content-Type': 'application/json',
        'Idempotency-Key': change.key,
        Authorization: `Bearer ${change.by.token}`,
      },
      signal,
    });
    const text = await response.text();
    if (text.includes('step_up_required')) await stepUpOnce(installation, change.by);
    else if (response.status === 201) return sorted(text);
    else if (response.status !== 503 && !text.includes('idempotency_key_in_flight'))
      return `${response.status} ${text}`;
    return 'not now';
  } catch (error) {
    return signal?.aborted ? 'cancelled' : String(error);
  }
}

const steppedUp = new Map<TestStaff, { readonly since: number; readonly done: Promise<void> }>();

/** All tries of a person are refused at the same moment, and a code is good for one of them: one steps up for all. */
function stepUpOnce({ office }: Installation, person: TestStaff): Promise<void> {
  const last = steppedUp.get(person);
  if (last && Date.now() - last.since < FRESH_FOR_MS) return last.done;
  const done = stepUp(office, person);
  steppedUp.set(person, { since: Date.now(), done });
  return done;
}

/** The answer is kept as jsonb, which has an order of its own. */
function sorted(text: string): string {
  return JSON.stringify(JSON.parse(text), (_, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  );
}

async function countEffects({ office }: Installation, keys: number): Promise<string[]> {
  const [seen] = await office.database.asSuperuser<{ notes: string; texts: string; fundings: string; events: string }>(
    `SELECT (SELECT count(*) FROM note) AS notes, (SELECT count(DISTINCT text) FROM note_version) AS texts,
       (SELECT count(*) FROM ledger_funding WHERE bank_reference LIKE 'SAME-KEY-%') AS fundings,
       (SELECT count(*) FROM idempotency_key WHERE key LIKE 'same-key-%') AS events`,
  );
  const expected = {
    notes: Math.floor(keys / 2),
    texts: Math.floor(keys / 2),
    fundings: Math.ceil(keys / 2),
    events: keys,
  };
  return Object.entries(expected)
    .filter(([what, wanted]) => Number(seen?.[what as keyof typeof seen]) !== wanted)
    .map(([what, wanted]) => `${what}: ${seen?.[what as keyof typeof seen]} instead of ${wanted}`);
}
