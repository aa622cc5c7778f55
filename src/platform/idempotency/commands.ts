import { Injectable } from '@nestjs/common';
import { Database, type TransactionLimits, type Tx } from '../database/database.js';
import { Prisma } from '../database/prisma.js';
import type { RequestContext } from '../http/request-context.js';
import { IdempotencyKeyInFlight, IdempotencyKeyReused } from './idempotency.errors.js';

/**
 * Every change that a client asks for runs through here, in one transaction with the record that it was done.
 * After a lost answer the client repeats with the same key and gets the first answer; nothing is done twice.
 */
@Injectable()
export class Commands {
  constructor(private readonly database: Database) {}

  /**
   * Runs `work` once per actor and key; its result must be JSON and is what a repetition gets.
   * Errors: idempotency_key_in_flight, idempotency_key_reused. An error of `work` keeps nothing, not even the key.
   */
  run<T>(context: RequestContext, work: (tx: Tx) => Promise<T>, limits?: TransactionLimits): Promise<T> {
    return this.database.transaction(async (tx) => {
      const key = context.idempotencyKey;
      if (key === null) return work(tx);
      await this.claimKey(tx, context.actor.id, key);
      const earlier = await tx.idempotencyKey.findUnique({
        where: { actorId_key: { actorId: context.actor.id, key } },
      });
      if (earlier) {
        if (earlier.requestHash !== context.requestHash) throw new IdempotencyKeyReused();
        return earlier.response as T;
      }
      const response = await work(tx);
      await tx.idempotencyKey.create({
        data: {
          actorId: context.actor.id,
          key,
          requestHash: context.requestHash,
          response: response as Prisma.InputJsonValue,
        },
      });
      return response;
    }, limits);
  }

  /** Held to the end of the transaction, and gone with it whatever happens: nothing can be left "in flight". */
  private async claimKey(tx: Tx, actorId: string, key: string): Promise<void> {
    const [row] = await tx.$queryRaw<{ free: boolean }[]>`
      SELECT pg_try_advisory_xact_lock(hashtextextended('idempotency_key:' || ${actorId} || ':' || ${key}, 0)) AS free`;
    if (!row?.free) throw new IdempotencyKeyInFlight();
  }
}
