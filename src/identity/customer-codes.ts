import { createHmac, hkdfSync, randomInt, timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Config } from '../platform/config/config.js';
import type { Tx } from '../platform/database/database.js';

/** Whom a typed address belongs to, as the room to the right found it; null for nobody. */
export interface CodeOwner {
  readonly holderId: bigint | null;
  /** Several holders have the address, so none of them gets a code. */
  readonly shared: boolean;
}

/**
 * One-time codes: 6 digits, 10 minutes, 5 tries, one use. The database holds time, tries and use; what is kept of a code
 * is a hash under a key that the database does not have, because a million codes are soon tried.
 */
@Injectable()
export class CustomerCodes {
  private readonly key: Buffer;

  constructor(config: Config) {
    this.key = Buffer.from(hkdfSync('sha256', config.tokenSecret, '', 'henkin:customer-code', 32));
  }

  /** Opens one question for a code, alike whether or not somebody has the address; answers its id. */
  async open(tx: Tx, { holderId, shared }: CodeOwner): Promise<string> {
    const [row] = await tx.$queryRaw<{ id: string }[]>`
      INSERT INTO customer_code (holder_id, shared) VALUES (${holderId}, ${shared}) RETURNING id`;
    if (!row) throw new Error('the question for a code was not written');
    return row.id;
  }

  /** Makes the code that is about to be mailed; one that was made before for the same question works no more. */
  async make(tx: Tx, id: string): Promise<string | null> {
    const code = randomInt(1_000_000).toString().padStart(6, '0');
    const changed = await tx.$executeRaw`
      UPDATE customer_code SET code_hash = ${this.hashOf(id, code)}
      WHERE id = ${id}::uuid AND holder_id IS NOT NULL AND NOT shared AND used_at IS NULL AND expires_at > now()`;
    return changed === 1 ? code : null;
  }

  /**
   * Counts one try and answers whose code it was if it was right; null otherwise. The caller commits in either case:
   * a try that is rolled back would not count. The row stays locked to the end, so parallel tries take turns.
   */
  async spend(tx: Tx, id: string, code: string): Promise<bigint | null> {
    const [row] = await tx.$queryRaw<{ holderId: bigint | null; codeHash: string | null }[]>`
      UPDATE customer_code SET tries = tries + 1
      WHERE id = ${id}::uuid AND tries < 5 AND used_at IS NULL AND expires_at > clock_timestamp()
      RETURNING holder_id AS "holderId", code_hash AS "codeHash"`;
    const given = Buffer.from(this.hashOf(id, code));
    // Compared also when there is nothing to compare with, so that time says nothing.
    const right = timingSafeEqual(given, Buffer.from(row?.codeHash ?? 'none'.padEnd(given.length)));
    if (!right || !row?.holderId) return null;
    await tx.$executeRaw`UPDATE customer_code SET used_at = now() WHERE id = ${id}::uuid`;
    return row.holderId;
  }

  async forget(tx: Tx, days: number): Promise<void> {
    await tx.$executeRaw`DELETE FROM customer_code WHERE created_at < now() - make_interval(days => ${days}::int)`;
  }

  private hashOf(id: string, code: string): string {
    return createHmac('sha256', this.key).update(`${id}:${code}`).digest('hex');
  }
}
