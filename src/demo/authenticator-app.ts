import { setTimeout as pause } from 'node:timers/promises';
import { Secret, TOTP } from 'otpauth';

const STEP_MS = 30_000;

/** An authenticator app as a person has it on the desk: it never shows a code that was used before. */
export class AuthenticatorApp {
  private readonly totp: TOTP;
  private lastStep = 0;

  constructor(secret: string) {
    this.totp = new TOTP({ secret: Secret.fromBase32(secret) });
  }

  /** The next code that will be taken now; null when this step's and the next one's are used. */
  codeNow(): string | null {
    const now = Math.floor(Date.now() / STEP_MS);
    const step = Math.max(now, this.lastStep + 1);
    // A server takes the code of the step after its own too.
    if (step > now + 1) return null;
    this.lastStep = step;
    return this.totp.generate({ timestamp: step * STEP_MS });
  }

  /** Waits for the next code where there is none yet. Errors: the reason of `stop`. */
  async code(stop?: AbortSignal): Promise<string> {
    for (;;) {
      const code = this.codeNow();
      if (code !== null) return code;
      await pause(STEP_MS - (Date.now() % STEP_MS), undefined, { signal: stop });
    }
  }
}
