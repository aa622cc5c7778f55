/** About 3 MB; who comes back after so many others has their token read again. */
const MOST_KEPT = 4_096;

/**
 * Tokens whose signature was checked before, under the whole header that they came in, until they expire: a signature does not
 * change. Whether the session is still open is another question, asked of the database at every request.
 */
export class ReadTokens<Claims> {
  private readonly kept = new Map<string, { readonly claims: Claims; readonly expiresAt: number }>();

  /** Null when it was not read before, or has expired since. */
  get(authorization: string | undefined): Claims | null {
    const read = authorization === undefined ? undefined : this.kept.get(authorization);
    return read && secondsNow() < read.expiresAt ? read.claims : null;
  }

  /** `exp` is what the token says, in seconds; without it nothing is kept. */
  keep(authorization: string | undefined, claims: Claims, exp: unknown): void {
    if (authorization === undefined || typeof exp !== 'number') return;
    this.kept.set(authorization, { claims, expiresAt: exp });
    const oldest = this.kept.keys().next().value;
    if (this.kept.size > MOST_KEPT && oldest !== undefined) this.kept.delete(oldest);
  }
}

const secondsNow = (): number => Math.floor(Date.now() / 1000);
