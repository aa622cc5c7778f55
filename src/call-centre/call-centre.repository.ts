import { Injectable } from '@nestjs/common';
import type { Tx } from '../platform/database/database.js';
import type { Prisma } from '../platform/database/prisma.js';

/** Of the batches a claim has been in, at most one counts: the live one, which is also the one that credited it. */
const WITH_CLAIMS = {
  claims: {
    orderBy: { id: 'asc' },
    include: {
      holder: { select: { customerNo: true, accountStatus: true, identityStatus: true } },
      batchItems: { where: { skipReason: null }, include: { batch: true } },
    },
  },
} as const satisfies Prisma.HolderInclude;

export type HolderRow = Prisma.HolderGetPayload<{ include: typeof WITH_CLAIMS }>;

@Injectable()
export class CallCentreRepository {
  find(tx: Tx, customerNo: string): Promise<HolderRow | null> {
    return tx.holder.findUnique({ where: { customerNo }, include: WITH_CLAIMS });
  }
}
