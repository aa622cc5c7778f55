import { Injectable } from '@nestjs/common';
import type { Tx } from '../platform/database/database.js';
import { Prisma } from '../platform/database/prisma.js';
import type { ApprovalState } from './approval.state.js';
import type { ApprovalRequestFilter } from './approval.dto.js';

const WITH_DECISIONS = {
  decisions: { orderBy: { decidedAt: 'asc' } },
} as const satisfies Prisma.ApprovalRequestInclude;

export type ApprovalRow = Prisma.ApprovalRequestGetPayload<{ include: typeof WITH_DECISIONS }>;

@Injectable()
export class ApprovalRepository {
  /** Decisions on one request are taken one after the other; null when there is no such request. */
  async lock(tx: Tx, id: string): Promise<ApprovalRow | null> {
    await tx.$queryRaw`SELECT FROM approval_request WHERE id = ${id}::uuid FOR NO KEY UPDATE`;
    return this.find(tx, id);
  }

  find(tx: Tx, id: string): Promise<ApprovalRow | null> {
    return tx.approvalRequest.findUnique({ where: { id }, include: WITH_DECISIONS });
  }

  findPending(tx: Tx, subjectType: string, subjectId: string): Promise<ApprovalRow | null> {
    return tx.approvalRequest.findFirst({
      where: { subjectType, subjectId, status: 'pending' },
      include: WITH_DECISIONS,
    });
  }

  /** Newest first; one row more than `limit` so that the caller knows whether there is a next page. */
  list(tx: Tx, filter: ApprovalRequestFilter, subjectTypes: string[], afterId: string | null): Promise<ApprovalRow[]> {
    return tx.approvalRequest.findMany({
      where: {
        ...(filter.status ? { status: filter.status } : {}),
        subjectType: { in: subjectTypes.filter((type) => !filter.subjectType || type === filter.subjectType) },
        ...(afterId ? { id: { lt: afterId } } : {}),
      },
      include: WITH_DECISIONS,
      orderBy: { id: 'desc' },
      take: filter.limit + 1,
    });
  }

  /** Ids of requests whose time is over, oldest first. */
  async listOverdue(tx: Tx): Promise<string[]> {
    const rows = await tx.$queryRaw<{ id: string }[]>`
      SELECT id::text FROM approval_request WHERE status = 'pending' AND expires_at <= now() ORDER BY expires_at LIMIT 100`;
    return rows.map((row) => row.id);
  }

  /**
   * What this maker has asked for on the current JST day for this kind of subject, in yen.
   * Takes the lock under which the database counts the same, so that two requests at once see each other.
   */
  async askedTodayJpy(tx: Tx, makerId: string, subjectType: string): Promise<bigint> {
    await tx.$queryRaw`SELECT pg_advisory_xact_lock(hashtextextended('approval_request:' || ${makerId} || ':' || ${subjectType}, 0))::text`;
    const [row] = await tx.$queryRaw<{ asked: bigint }[]>`
      SELECT coalesce(sum(amount_jpy), 0)::bigint AS asked FROM approval_request
      WHERE maker_id = ${makerId}::uuid AND subject_type = ${subjectType}
        AND jst_day = timezone('Asia/Tokyo', now())::date AND status IN ('pending', 'approved')`;
    return row?.asked ?? 0n;
  }

  /** Has this person an interest (own customer number or a declared relative's) in any of these customers? */
  async hasInterest(tx: Tx, staffId: string, customerNos: readonly string[]): Promise<boolean> {
    if (customerNos.length === 0) return false;
    const rows = await tx.$queryRaw<unknown[]>`
      SELECT 1 FROM staff_interest WHERE staff_id = ${staffId}::uuid AND customer_no = ANY (${[...customerNos]}) LIMIT 1`;
    return rows.length > 0;
  }

  insert(tx: Tx, request: Prisma.ApprovalRequestUncheckedCreateInput): Promise<ApprovalRow> {
    return tx.approvalRequest.create({ data: request, include: WITH_DECISIONS });
  }

  async insertDecision(
    tx: Tx,
    decision: {
      requestId: string;
      makerId: string;
      checkerId: string;
      decision: 'approve' | 'refuse';
      reason: string | null;
    },
  ): Promise<void> {
    await tx.approvalDecision.create({ data: decision });
  }

  /** Leaves `pending`; the row is locked by the caller, so a count other than one is a programming error. */
  async close(tx: Tx, id: string, status: Exclude<ApprovalState, 'pending'>): Promise<void> {
    const { count } = await tx.approvalRequest.updateMany({
      where: { id, status: 'pending' },
      data: { status, closedAt: new Date() },
    });
    if (count !== 1) throw new Error(`approval request ${id} was not pending although it was locked`);
  }

  async keepOutcome(tx: Tx, id: string, outcome: Prisma.InputJsonValue): Promise<void> {
    await tx.approvalRequest.update({ where: { id }, data: { outcome } });
  }
}
