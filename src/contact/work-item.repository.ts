import { Injectable } from '@nestjs/common';
import type { Tx } from '../platform/database/database.js';
import type { Prisma, WorkItemKind } from '../platform/database/prisma.js';
import { silentSince, type WorkItemState } from './work-item.state.js';

const SHOWN = {
  holder: { select: { customerNo: true } },
  taker: { select: { displayName: true } },
} as const satisfies Prisma.WorkItemInclude;

export type WorkItemRow = Prisma.WorkItemGetPayload<{ include: typeof SHOWN }>;

interface ListFilter {
  readonly kinds: WorkItemKind[];
  readonly state: WorkItemState | undefined;
  readonly before: bigint | null;
  readonly limit: number;
  readonly now: Date;
}

@Injectable()
export class WorkItemRepository {
  /** Newest first, one row more than `limit`; without what is about this person or a relative. */
  async list(tx: Tx, staffId: string, { kinds, state, before, limit, now }: ListFilter): Promise<WorkItemRow[]> {
    const own = await tx.$queryRaw<{ customerNo: string }[]>`
      SELECT customer_no AS "customerNo" FROM staff_interest WHERE staff_id = ${staffId}::uuid`;
    return tx.workItem.findMany({
      where: {
        AND: [
          { kind: { in: kinds } },
          ...(state === undefined ? [] : [inState(state, now)]),
          ...(before === null ? [] : [{ id: { lt: before } }]),
          { OR: [{ holderId: null }, { holder: { customerNo: { notIn: own.map(({ customerNo }) => customerNo) } } }] },
        ],
      },
      include: SHOWN,
      orderBy: { id: 'desc' },
      take: limit + 1,
    });
  }

  get(tx: Tx, id: bigint): Promise<WorkItemRow> {
    return tx.workItem.findUniqueOrThrow({ where: { id }, include: SHOWN });
  }

  /** Waits for whoever takes or finishes this item now. */
  async lock(tx: Tx, id: bigint): Promise<WorkItemRow | null> {
    await tx.$queryRaw`SELECT FROM work_item WHERE id = ${id} FOR NO KEY UPDATE`;
    return tx.workItem.findUnique({ where: { id }, include: SHOWN });
  }

  change(tx: Tx, id: bigint, data: Prisma.WorkItemUncheckedUpdateInput): Promise<WorkItemRow> {
    return tx.workItem.update({ where: { id }, data, include: SHOWN });
  }

  /** One person's calls for the next item wait for each other: two at once would put two items into one hand. */
  async takeTurns(tx: Tx, staffId: string): Promise<void> {
    await tx.$queryRaw`SELECT pg_advisory_xact_lock(hashtextextended('work_item:' || ${staffId}, 0))::text`;
  }
}

/** As stateAt() says it, for the database. */
function inState(state: WorkItemState, now: Date): Prisma.WorkItemWhereInput {
  const touchedAt = silentSince(now);
  if (state === 'open') return { OR: [{ status: 'open' }, { status: 'taken', touchedAt: { lt: touchedAt } }] };
  return state === 'taken' ? { status: 'taken', touchedAt: { gte: touchedAt } } : { status: state };
}
