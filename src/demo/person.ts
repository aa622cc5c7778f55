import type { Api, ApiRequest } from './api.js';
import { ApiProblem } from './api.js';
import { AuthenticatorApp } from './authenticator-app.js';
import type { ActivePerson, Journal } from './journal.js';

export interface Tokens {
  readonly accessToken: string;
  readonly expiresInSeconds: number;
  readonly refreshToken: string;
}

/** A token that ends sooner than this is renewed first, so that it lasts for the longest request. */
const RENEW_BEFORE_MS = 180_000;
/** A code that was used by the run before an interruption is refused; the next one, or the one after it, is not. */
const CODES_TO_TRY = 3;
/** Whoever hands a token on proves the second factor first, unless that was done just now. */
const JUST_NOW_MS = 60_000;

/** One member of staff at work: reads, and changes things by name so that each change happens once. */
export class Person {
  private session: (Tokens & { readonly until: number }) | null = null;
  private provenAt = 0;
  private steppingUp: Promise<void> | null = null;

  constructor(
    private readonly api: Api,
    private readonly journal: Journal,
    readonly account: ActivePerson,
    private readonly app = new AuthenticatorApp(account.totpSecret),
    signedIn: Tokens | null = null,
  ) {
    if (signedIn) this.begin(signedIn);
  }

  read<T>(path: string): Promise<T> {
    return this.ask<T>({ method: 'GET', path });
  }

  /** A file as it is. */
  readText(path: string): Promise<string> {
    return this.ask<string>({ method: 'GET', path, asText: true });
  }

  /** A POST that carries no key: nothing that moves money or decides. */
  tell<T>(path: string, json: unknown): Promise<T> {
    return this.ask<T>({ method: 'POST', path, json });
  }

  /** The change called `name`, with the content it was first asked with, also after an interruption. */
  async change<T>(name: string, path: string, content: () => unknown): Promise<T> {
    const { key, body } = await this.journal.effect(name, async () => (await content()) ?? null);
    return this.ask<T>({ method: 'POST', path, idempotencyKey: key, ...(body === null ? {} : { json: body }) });
  }

  /** The upload called `name`; `parts` must be the same each time. */
  async upload<T>(name: string, path: string, parts: FormData, onBytes: (bytes: number) => void): Promise<T> {
    const { key } = await this.journal.effect(name, () => null);
    return this.ask<T>({ method: 'POST', path, idempotencyKey: key, form: { parts, onBytes } });
  }

  /** A token with its whole life ahead, for handing on. */
  async freshToken(): Promise<string> {
    if (this.session) this.session = { ...this.session, until: 0 };
    const token = await this.token();
    if (Date.now() - this.provenAt > JUST_NOW_MS) await this.stepUp();
    return token;
  }

  /** What asks for the second factor to be fresh gets it, and is then asked again. */
  async ask<T>(request: ApiRequest): Promise<T> {
    try {
      return await this.api.ask<T>({ ...request, token: await this.token() });
    } catch (error) {
      if (!(error instanceof ApiProblem && error.code === 'step_up_required')) throw error;
    }
    await this.stepUp();
    return this.api.ask<T>({ ...request, token: await this.token() });
  }

  /** An access token that is good for some minutes. */
  private async token(): Promise<string> {
    if (this.session === null) this.begin(await this.signIn());
    else if (this.session.until - Date.now() < RENEW_BEFORE_MS) this.keep(await this.renew(this.session.refreshToken));
    return this.session?.accessToken ?? '';
  }

  private begin(tokens: Tokens): void {
    this.provenAt = Date.now();
    this.keep(tokens);
  }

  private keep(tokens: Tokens): void {
    this.session = { ...tokens, until: Date.now() + tokens.expiresInSeconds * 1000 };
  }

  private async signIn(): Promise<Tokens> {
    const { login, password } = this.account;
    const json = { login, password };
    const { challengeToken } = await this.api.ask<{ challengeToken: string }>({
      method: 'POST',
      path: '/v1/auth/login',
      json,
    });
    return this.withCode((totp) =>
      this.api.ask<Tokens>({ method: 'POST', path: '/v1/auth/login/second-factor', json: { challengeToken, totp } }),
    );
  }

  /** Once for all requests that wait for it. */
  private async stepUp(): Promise<void> {
    this.steppingUp ??= this.proveAgain().finally(() => (this.steppingUp = null));
    await this.steppingUp;
  }

  private async proveAgain(): Promise<void> {
    const token = await this.token();
    await this.withCode((totp) => this.api.ask({ method: 'POST', path: '/v1/auth/step-up', token, json: { totp } }));
    this.provenAt = Date.now();
  }

  private async withCode<T>(prove: (totp: string) => Promise<T>): Promise<T> {
    for (let left = CODES_TO_TRY - 1; ; left -= 1) {
      try {
        return await prove(await this.app.code());
      } catch (error) {
        if (left === 0 || !(error instanceof ApiProblem && error.code === 'second_factor_refused')) throw error;
      }
    }
  }

  private async renew(refreshToken: string): Promise<Tokens> {
    try {
      return await this.api.ask<Tokens>({ method: 'POST', path: '/v1/auth/refresh', json: { refreshToken } });
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error;
      this.provenAt = Date.now();
      return this.signIn();
    }
  }
}
