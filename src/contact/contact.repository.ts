import { Injectable } from '@nestjs/common';
import type { Tx } from '../platform/database/database.js';
import type { Prisma } from '../platform/database/prisma.js';

const SHOWN = {
  holder: true,
  staff: { select: { displayName: true } },
  checks: { select: { passed: true } },
  complaint: true,
} as const satisfies Prisma.ContactInclude;

export type ContactRow = Prisma.ContactGetPayload<{ include: typeof SHOWN }>;

/** What compliance has to do with a holder, others do not see, for it could betray a hold that is kept in confidence. */
export function seenBy(role: string): { readonly confidential?: false } {
  return role === 'compliance' ? {} : { confidential: false };
}

@Injectable()
export class ContactRepository {
  insert(tx: Tx, data: Prisma.ContactUncheckedCreateInput): Promise<ContactRow> {
    return tx.contact.create({ data, include: SHOWN });
  }

  find(tx: Tx, id: bigint): Promise<ContactRow | null> {
    return tx.contact.findUnique({ where: { id }, include: SHOWN });
  }

  /** Waits for whoever closes it now. */
  async lock(tx: Tx, id: bigint): Promise<ContactRow | null> {
    await tx.$queryRaw`SELECT FROM contact WHERE id = ${id} FOR NO KEY UPDATE`;
    return this.find(tx, id);
  }

  /** Newest first, one row more than `limit`. */
  ofHolder(tx: Tx, holderId: bigint, role: string, limit: number, before: bigint | null): Promise<ContactRow[]> {
    return tx.contact.findMany({
      where: { holderId, ...seenBy(role), ...(before === null ? {} : { id: { lt: before } }) },
      include: SHOWN,
      orderBy: { id: 'desc' },
      take: limit + 1,
    });
  }
}
