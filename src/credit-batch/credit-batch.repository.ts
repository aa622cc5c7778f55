import { Injectable } from '@nestjs/common';
import type { Tx } from '../platform/database/database.js';
import { Prisma, type CreditBatchStatus } from '../platform/database/prisma.js';
import type { CreditBatchFilter } from './sql/reserve-claims.sql.js';

export type CreditBatchRow = Prisma.CreditBatchGetPayload<object>;

export interface NewCreditBatch {
  readonly label: string;
  /** JST day, `YYYY-MM-DD`. */
  readonly postingDate: string;
  readonly notBefore: Date;
  readonly filter: CreditBatchFilter;
  readonly madeBy: string;
}

export interface SkippedRow {
  readonly reason: 'under_review' | 'not_approved' | 'released';
  readonly count: bigint;
  readonly sumJpy: bigint;
}

/** Why an approved batch does not begin now; null when it may. */
export type Obstacle = 'too_early' | 'posting_date_passed' | 'waiting_for_signatures' | 'content_changed' | null;

@Injectable()
export class CreditBatchRepository {
  async insert(tx: Tx, batch: NewCreditBatch): Promise<bigint> {
    const [row] = await tx.$queryRaw<[{ id: bigint }]>`
      INSERT INTO credit_batch (label, posting_date, not_before, filter, made_by)
      VALUES (${batch.label}, ${batch.postingDate}::date, ${batch.notBefore}, ${JSON.stringify(batch.filter)}::jsonb, ${batch.madeBy}::uuid)
      RETURNING id`;
    return row.id;
  }

  find(tx: Tx, id: bigint): Promise<CreditBatchRow | null> {
    return tx.creditBatch.findUnique({ where: { id } });
  }

  /** Whoever changes a batch does so one after the other. A chunk takes this lock only once it is written. */
  async lock(tx: Tx, id: bigint): Promise<CreditBatchRow | null> {
    await tx.$queryRaw`SELECT FROM credit_batch WHERE id = ${id} FOR UPDATE`;
    return this.find(tx, id);
  }

  /** Newest first, with one row more than `limit`. */
  list(tx: Tx, limit: number, before: bigint | null): Promise<CreditBatchRow[]> {
    return tx.creditBatch.findMany({
      ...(before === null ? {} : { where: { id: { lt: before } } }),
      orderBy: { id: 'desc' },
      take: limit + 1,
    });
  }

  /** Changes the batch, which the caller has locked in state `from`; the database guards the step. */
  async change(
    tx: Tx,
    id: bigint,
    from: CreditBatchStatus,
    data: Prisma.CreditBatchUpdateManyMutationInput,
  ): Promise<void> {
    const { count } = await tx.creditBatch.updateMany({ where: { id, status: from }, data });
    if (count !== 1) throw new Error(`credit batch ${id} was not ${from} although it was locked`);
  }

  /** Moves the position of an executing batch on, if it stands at `fromSeq`, and holds the batch from then on. */
  async moveOn(tx: Tx, id: bigint, fromSeq: bigint, nextSeq: bigint): Promise<boolean> {
    const where = { id, status: 'executing', nextSeq: fromSeq } as const;
    return (await tx.creditBatch.updateMany({ where, data: { nextSeq } })).count === 1;
  }

  async someAreUnwatched(tx: Tx): Promise<boolean> {
    return (await tx.creditBatch.count({ where: { status: 'paused', pauseKind: 'unwatched' } })) > 0;
  }

  /** The position of the last item. */
  async lastSeq(tx: Tx, id: bigint): Promise<bigint> {
    const { _max } = await tx.creditBatchItem.aggregate({ where: { batchId: id }, _max: { seq: true } });
    return _max.seq ?? 0n;
  }

  /** SHA-256 over everything that is approved, as the database computes it; null when there is no such batch. */
  async contentHash(tx: Tx, id: bigint): Promise<string | null> {
    const [row] = await tx.$queryRaw<
      { hash: string }[]
    >`SELECT credit_batch_content_hash(b) AS hash FROM credit_batch b WHERE id = ${id}`;
    return row?.hash ?? null;
  }

  /** Identifies the present pause; null when the batch is not paused. */
  async pauseHash(tx: Tx, id: bigint): Promise<string | null> {
    const [row] = await tx.$queryRaw<{ hash: string }[]>`
      SELECT credit_batch_pause_hash(b) AS hash FROM credit_batch b WHERE id = ${id} AND status = 'paused'`;
    return row?.hash ?? null;
  }

  /** By the clock of the database, as the guard will see it. */
  async obstacle(tx: Tx, id: bigint): Promise<Obstacle> {
    const [row] = await tx.$queryRaw<{ obstacle: Obstacle }[]>`
      SELECT CASE WHEN posting_date < timezone('Asia/Tokyo', now())::date THEN 'posting_date_passed'
                  WHEN now() < not_before THEN 'too_early'
                  WHEN credit_batch_waits_for_signatures(b) THEN 'waiting_for_signatures'
                  WHEN content_hash IS DISTINCT FROM credit_batch_content_hash(b) THEN 'content_changed' END AS obstacle
      FROM credit_batch b WHERE id = ${id}`;
    return row?.obstacle ?? null;
  }

  /** Did its amount need two checkers, and so the signatures of several keys as well? */
  async needsRelease(tx: Tx, id: bigint): Promise<boolean> {
    const [row] = await tx.$queryRaw<{ needed: boolean }[]>`
      SELECT credit_batch_needs_release(b) AS needed FROM credit_batch b WHERE id = ${id}`;
    return row?.needed ?? false;
  }

  async waitsForSignatures(tx: Tx, id: bigint): Promise<boolean> {
    const [row] = await tx.$queryRaw<{ waits: boolean }[]>`
      SELECT credit_batch_waits_for_signatures(b) AS waits FROM credit_batch b WHERE id = ${id}`;
    return row?.waits ?? false;
  }

  skippedByReason(tx: Tx, id: bigint): Promise<SkippedRow[]> {
    return tx.$queryRaw<SkippedRow[]>`
      SELECT skip_reason AS reason, count(*) AS count, sum(amount_jpy)::bigint AS "sumJpy"
      FROM credit_batch_item WHERE batch_id = ${id} AND skip_reason IS NOT NULL GROUP BY 1 ORDER BY 1`;
  }

  /** Positions in the list of customer numbers that belong to nobody. */
  async unknownCustomers(tx: Tx, customerNos: readonly string[]): Promise<number[]> {
    const rows = await tx.$queryRaw<{ position: number }[]>`
      SELECT (nth - 1)::int AS position FROM unnest(${[...customerNos]}::text[]) WITH ORDINALITY AS given (customer_no, nth)
      WHERE NOT EXISTS (SELECT FROM holder h WHERE h.customer_no = given.customer_no) ORDER BY nth`;
    return rows.map((row) => row.position);
  }
}
