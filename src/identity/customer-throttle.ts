import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { RateLimiterPostgres } from 'rate-limiter-flexible';
import { Database } from '../platform/database/database.js';
import { TooManyTries } from './customer-sign-in.errors.js';
import { waitOf } from './sign-in-throttle.js';

const QUARTER = 15 * 60;
const HOUR = 60 * 60;

/**
 * Counts in the database what is asked for and what is tried, before either is looked at, so that parallel tries count
 * and unknown addresses count like known ones.
 *
 *   * mail address: 5 codes an hour and 12 a day, so at most 60 guesses a day, of a million, at one customer's code;
 *   * IP address: generous, because many customers share one behind their mobile network.
 */
@Injectable()
export class CustomerThrottle {
  private readonly mailsPerHour: RateLimiterPostgres;
  private readonly mailsPerDay: RateLimiterPostgres;
  private readonly codesFrom: RateLimiterPostgres;
  private readonly triesFrom: RateLimiterPostgres;
  private readonly startsFrom: RateLimiterPostgres;

  constructor(database: Database) {
    const store = {
      storeClient: database.shortStatements,
      storeType: 'pool',
      tableName: 'sign_in_throttle',
      tableCreated: true,
      clearExpiredByTimeout: false,
    };
    this.mailsPerHour = new RateLimiterPostgres({ ...store, keyPrefix: 'code-hour', points: 5, duration: HOUR });
    this.mailsPerDay = new RateLimiterPostgres({ ...store, keyPrefix: 'code-day', points: 12, duration: 24 * HOUR });
    this.codesFrom = new RateLimiterPostgres({ ...store, keyPrefix: 'code-from', points: 100, duration: QUARTER });
    this.triesFrom = new RateLimiterPostgres({ ...store, keyPrefix: 'try-from', points: 300, duration: QUARTER });
    this.startsFrom = new RateLimiterPostgres({ ...store, keyPrefix: 'start-from', points: 300, duration: QUARTER });
  }

  /** Errors: too_many_sign_ins. What an IP address is refused costs the mail address nothing. */
  async admitCode(mailAddress: string, ip: string): Promise<void> {
    refuseFor(await waitOf(this.codesFrom.consume(hashOf(ip))));
    const key = hashOf(mailAddress);
    refuseFor(
      Math.max(...(await Promise.all([waitOf(this.mailsPerHour.consume(key)), waitOf(this.mailsPerDay.consume(key))]))),
    );
  }

  /** Errors: too_many_sign_ins. */
  async admitTry(ip: string): Promise<void> {
    refuseFor(await waitOf(this.triesFrom.consume(hashOf(ip))));
  }

  /** Before a sign-in at the identity provider is begun. Errors: too_many_sign_ins. */
  async admitStart(ip: string): Promise<void> {
    refuseFor(await waitOf(this.startsFrom.consume(hashOf(ip))));
  }
}

function refuseFor(waitMs: number): void {
  if (waitMs > 0) throw new TooManyTries(Math.ceil(waitMs / 1000));
}

function hashOf(key: string): string {
  return createHash('sha256').update(key).digest('hex');
}
