import type { Api } from './api.js';
import { ApiProblem } from './api.js';
import type { Journal, KeptPerson } from './journal.js';

interface Tokens {
  readonly accessToken: string;
  readonly expiresInSeconds: number;
  readonly refreshToken: string;
}

/** A token that ends sooner than this is renewed first, so that it lasts for the longest request. */
const RENEW_BEFORE_MS = 180_000;

/** One member of staff at work: reads, and changes things by name so that each change happens once. */
export class Person {
  private session: (Tokens & { readonly until: number }) | null = null;

  constructor(
    private readonly api: Api,
    private readonly journal: Journal,
    readonly account: KeptPerson,
  ) {}

  async read<T>(path: string): Promise<T> {
    return this.api.ask<T>({ method: 'GET', path, token: await this.token() });
  }

  /** A POST that carries no key: nothing that moves money or decides. */
  async tell<T>(path: string, json: unknown): Promise<T> {
    return this.api.ask<T>({ method: 'POST', path, json, token: await this.token() });
  }

  /** The change called `name`, with the content it was first asked with, also after an interruption. */
  async change<T>(name: string, path: string, content: () => unknown): Promise<T> {
    const { key, body } = await this.journal.effect(name, async () => (await content()) ?? null);
    return this.api.ask<T>({
      method: 'POST',
      path,
      token: await this.token(),
      idempotencyKey: key,
      ...(body === null ? {} : { json: body }),
    });
  }

  /** The upload called `name`; `parts` must be the same each time. */
  async upload<T>(name: string, path: string, parts: FormData, onBytes: (bytes: number) => void): Promise<T> {
    const { key } = await this.journal.effect(name, () => null);
    return this.api.ask<T>({
      method: 'POST',
      path,
      token: await this.token(),
      idempotencyKey: key,
      form: { parts, onBytes },
    });
  }

  /** An access token that is good for some minutes. */
  async token(): Promise<string> {
    if (this.session === null || this.session.until - Date.now() < RENEW_BEFORE_MS) {
      const tokens = this.session === null ? await this.signIn() : await this.renew(this.session.refreshToken);
      this.session = { ...tokens, until: Date.now() + tokens.expiresInSeconds * 1000 };
    }
    return this.session.accessToken;
  }

  /** A token with its whole life ahead, for handing on. */
  async freshToken(): Promise<string> {
    this.session = null;
    return this.token();
  }

  private signIn(): Promise<Tokens> {
    const { login, password } = this.account;
    return this.api.ask<Tokens>({ method: 'POST', path: '/v1/auth/login', json: { login, password } });
  }

  private async renew(refreshToken: string): Promise<Tokens> {
    return this.api
      .ask<Tokens>({ method: 'POST', path: '/v1/auth/refresh', json: { refreshToken } })
      .catch((error: unknown) => {
        if (error instanceof ApiProblem) return this.signIn();
        throw error;
      });
  }
}
