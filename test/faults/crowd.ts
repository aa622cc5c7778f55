import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { customerToken } from '../harness/customer.js';
import { createStaff } from '../harness/staff.js';
import type { Installation } from './installation.js';

interface CrowdSettings {
  readonly agents: number;
  readonly customers: number;
  readonly random: () => number;
}

/** Somebody with a token, and what they ask for next. */
interface User {
  readonly token: string;
  readonly next: () => Ask;
}

interface Ask {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body?: object;
}

const THINK_MS = 2_000;
/** A client of a load balancer: what fails is sent once more, to the other server, a moment later. */
const RETRY_AFTER_MS = 200;
const PATIENCE_MS = 10_000;

/** Agents on the phone and customers at home, each with one retry and not one more. */
export class Crowd {
  requests = 0;
  retries = 0;
  readonly failures: string[] = [];
  private readonly notes: string[] = [];
  private readonly leaving = new AbortController();

  private constructor(
    private readonly installation: Installation,
    private readonly random: () => number,
    private readonly users: readonly User[],
  ) {}

  static async gather(installation: Installation, { agents, customers, random }: CrowdSettings): Promise<Crowd> {
    const { office } = installation;
    const holders = await office.database.asSuperuser<{ customer_no: string }>(
      'SELECT customer_no FROM holder ORDER BY id LIMIT $1',
      [customers],
    );
    const numbers = holders.map((holder) => holder.customer_no);
    const any = <T>(of: readonly T[]): T => of[Math.floor(random() * of.length)] as T;
    const users: User[] = [];
    for (let agent = 0; agent < agents; agent += 1) {
      const { token } = await createStaff(office, 'support_agent');
      const asks: readonly ((customerNo: string) => Ask)[] = [
        (customerNo) => ({ method: 'GET', path: `/v1/holders/search?q=${customerNo}` }),
        (customerNo) => ({ method: 'GET', path: `/v1/holders/${customerNo}` }),
        (customerNo) => ({ method: 'GET', path: `/v1/holders/${customerNo}/timeline` }),
        (customerNo) => ({
          method: 'POST',
          path: `/v1/holders/${customerNo}/notes`,
          body: { text: `Note ${randomUUID()}`, topic: 'timing' },
        }),
      ];
      users.push({ token, next: () => any(asks)(any(numbers)) });
    }
    for (const customerNo of numbers) {
      const paths = ['/v1/me/claim', '/v1/me/transactions', '/v1/incident'];
      const token = await customerToken(office, customerNo);
      users.push({ token, next: () => ({ method: 'GET', path: any(paths) }) });
    }
    return new Crowd(installation, random, users);
  }

  /** Until they are told to leave. */
  async use(): Promise<void> {
    await Promise.all(this.users.map((user) => this.oneUses(user)));
  }

  leave(): void {
    this.leaving.abort();
  }

  /** Notes that were acknowledged and are not there exactly once. */
  async missing(): Promise<string[]> {
    const rows = await this.installation.office.database.asSuperuser<{ text: string; times: string }>(
      `SELECT wanted.text, count(v.text) AS times FROM unnest($1::text[]) AS wanted (text) LEFT JOIN note_version v USING (text)
       GROUP BY wanted.text HAVING count(v.text) <> 1`,
      [this.notes],
    );
    return rows.map(({ text, times }) => `${text} is there ${times} times`);
  }

  private async oneUses({ token, next }: User): Promise<void> {
    while (!this.leaving.signal.aborted) {
      await pause(this.random() * THINK_MS);
      const ask = next();
      const key = randomUUID();
      const [first, second] = this.random() < 0.5 ? this.installation.servers : this.installation.servers.toReversed();
      this.requests += 1;
      const refusal = await send(first?.url, ask, token, key);
      if (refusal !== null) {
        this.retries += 1;
        await pause(RETRY_AFTER_MS);
        const again = await send(second?.url, ask, token, key);
        if (again !== null) this.failures.push(`${ask.method} ${ask.path}: ${refusal}, and again ${again}`);
      }
      if (ask.body && 'text' in ask.body) this.notes.push(String(ask.body.text));
    }
  }
}

/** Null when it was done, else what was answered instead. */
async function send(url: string | undefined, ask: Ask, token: string, key: string): Promise<string | null> {
  try {
    const response = await fetch(`${url}${ask.path}`, {
      method: ask.method,
      headers: {
        Authorization: `Bearer ${token}`,
        ...(ask.body ? { 'Content-Type': 'application/json', 'Idempotency-Key': key } : {}),
      },
      ...(ask.body ? { body: JSON.stringify(ask.body) } : {}),
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    const text = await response.text();
    return response.ok ? null : `${response.status} ${text}`;
  } catch (error) {
    return String((error as { cause?: unknown }).cause ?? error);
  }
}
