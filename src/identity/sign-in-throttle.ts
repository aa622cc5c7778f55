import { createHash } from 'node:crypto';
import { Injectable, Optional } from '@nestjs/common';
import { RateLimiterPostgres, RateLimiterRes } from 'rate-limiter-flexible';
import { Database, type Tx } from '../platform/database/database.js';
import { TooManySignIns } from './identity.errors.js';

/** One try to sign in, as the counters see it. */
export interface SignInAttempt {
  /** As the person typed it, whether or not there is such an account. */
  readonly login: string;
  readonly address: string;
  /** The account has signed in from this address before. */
  readonly familiar: boolean;
}

const QUARTER = 15 * 60;
const HOUR = 60 * 60;

/**
 * Counts failed sign-ins in the database, so that all processes share the count and a restart keeps it.
 *
 * Three counters, each ending by itself after its window, however many more tries there are:
 *   * account and address together: guessing one password from one place;
 *   * address: guessing over many accounts; generous, because a call centre is one address;
 *   * account: guessing one password from many places. It does not stop an address from which the account has signed
 *     in before, so that nobody can lock a colleague out by failing in their name.
 */
@Injectable()
export class SignInThrottle {
  private readonly byPair: RateLimiterPostgres;
  private readonly byAddress: RateLimiterPostgres;
  private readonly byAccount: RateLimiterPostgres;

  constructor(database: Database, @Optional() step = '') {
    const store = {
      storeClient: database.shortStatements,
      storeType: 'pool',
      tableName: 'sign_in_throttle',
      tableCreated: true,
      clearExpiredByTimeout: false,
    };
    this.byPair = new RateLimiterPostgres({ ...store, keyPrefix: `${step}pair`, points: 10, duration: QUARTER });
    this.byAddress = new RateLimiterPostgres({ ...store, keyPrefix: `${step}address`, points: 300, duration: QUARTER });
    this.byAccount = new RateLimiterPostgres({ ...store, keyPrefix: `${step}account`, points: 50, duration: HOUR });
  }

  /** Counts the try before the password is looked at, so that parallel tries count too. Errors: too_many_sign_ins. */
  async admit(attempt: SignInAttempt): Promise<void> {
    const keys = keysOf(attempt);
    const [pair, address, account] = await Promise.all([
      waitOf(this.byPair.consume(keys.pair)),
      waitOf(this.byAddress.consume(keys.address)),
      waitOf(this.byAccount.consume(keys.account)),
    ]);
    const waitMs = Math.max(pair, address, attempt.familiar ? 0 : account);
    if (waitMs > 0) throw new TooManySignIns(Math.ceil(waitMs / 1000));
  }

  /** A right password takes its own try back, and what failed before from the same place. */
  async forgive(attempt: SignInAttempt): Promise<void> {
    const keys = keysOf(attempt);
    await Promise.all([
      this.byPair.delete(keys.pair),
      this.byAddress.reward(keys.address),
      this.byAccount.reward(keys.account),
    ]);
  }

  /** Removes counters whose window is over; the library counts in milliseconds. */
  async tidy(tx: Tx): Promise<void> {
    await tx.$executeRaw`DELETE FROM sign_in_throttle WHERE expire < extract(epoch FROM now()) * 1000`;
  }
}

/** How long the counter says to wait, in milliseconds; 0 when it has room. */
export async function waitOf(consumed: Promise<RateLimiterRes>): Promise<number> {
  try {
    await consumed;
    return 0;
  } catch (refusal) {
    if (refusal instanceof RateLimiterRes) return Math.max(1, refusal.msBeforeNext);
    throw refusal;
  }
}

/** Hashed, because people type passwords into the field for the login. */
function keysOf({ login, address }: SignInAttempt): { pair: string; address: string; account: string } {
  const hash = (...parts: string[]) => createHash('sha256').update(JSON.stringify(parts)).digest('hex');
  return { pair: hash(login, address), address: hash(address), account: hash(login) };
}
