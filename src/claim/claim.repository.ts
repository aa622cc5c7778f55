import { Injectable } from '@nestjs/common';
import type { Tx } from '../platform/database/database.js';
import type { Claim, Holder, Prisma } from '../platform/database/prisma.js';
import type { Decimal } from '../platform/decimal.js';
import type { ClaimNo } from './claim-no.js';
import type { ClaimListQuery } from './claim.dto.js';

const WITH_HOLDER = {
  holder: { select: { customerNo: true, accountStatus: true, identityStatus: true } },
} as const satisfies Prisma.ClaimInclude;
const WITH_HISTORY = {
  ...WITH_HOLDER,
  decisions: { orderBy: { version: 'asc' } },
  holds: { orderBy: { id: 'asc' } },
} as const satisfies Prisma.ClaimInclude;

/** What is shown of a claim. */
export type ShownClaim = Pick<
  Claim,
  'claimNo' | 'status' | 'held' | 'roundingRule' | 'amountJpy' | 'rateId' | 'createdAt'
> & {
  readonly quantityXem: Decimal;
  readonly priceJpyPerXem: Decimal;
  readonly holder: Pick<Holder, 'customerNo' | 'accountStatus' | 'identityStatus'>;
};
export type ClaimRow = Prisma.ClaimGetPayload<{ include: typeof WITH_HOLDER }>;
export type ClaimDetailRow = Prisma.ClaimGetPayload<{ include: typeof WITH_HISTORY }>;
export type HoldRow = ClaimDetailRow['holds'][number];

@Injectable()
export class ClaimRepository {
  find(tx: Tx, claimNo: ClaimNo): Promise<ClaimDetailRow | null> {
    return tx.claim.findUnique({ where: { claimNo }, include: WITH_HISTORY });
  }

  /** Waits for whoever decides, holds or credits this claim now. */
  async lock(tx: Tx, claimNo: ClaimNo): Promise<ClaimDetailRow | null> {
    await tx.$queryRaw`SELECT FROM claim WHERE claim_no = ${claimNo} FOR NO KEY UPDATE`;
    return this.find(tx, claimNo);
  }

  async lockById(tx: Tx, id: bigint): Promise<ClaimDetailRow | null> {
    await tx.$queryRaw`SELECT FROM claim WHERE id = ${id} FOR NO KEY UPDATE`;
    return tx.claim.findUnique({ where: { id }, include: WITH_HISTORY });
  }

  /** In the order of opening, without those of this person and their relatives; one row more than `limit`. */
  async list(tx: Tx, staffId: string, query: ClaimListQuery, afterId: bigint | null): Promise<ClaimRow[]> {
    const own = await tx.$queryRaw<{ customerNo: string }[]>`
      SELECT customer_no AS "customerNo" FROM staff_interest WHERE staff_id = ${staffId}::uuid`;
    const { status, underReview, minAmountJpy, maxAmountJpy, customerNo } = query;
    return tx.claim.findMany({
      where: {
        ...(status ? { status } : {}),
        ...(underReview === undefined ? {} : { held: underReview }),
        ...(customerNo ? { holder: { customerNo } } : {}),
        ...(own.length > 0 ? { NOT: { holder: { customerNo: { in: own.map((row) => row.customerNo) } } } } : {}),
        ...(minAmountJpy || maxAmountJpy
          ? {
              amountJpy: {
                ...(minAmountJpy ? { gte: BigInt(minAmountJpy) } : {}),
                ...(maxAmountJpy ? { lte: BigInt(maxAmountJpy) } : {}),
              },
            }
          : {}),
        ...(afterId === null ? {} : { id: { gt: afterId } }),
      },
      include: WITH_HOLDER,
      orderBy: { id: 'asc' },
      take: query.limit + 1,
    });
  }

  /** Is this the claim of this person or of a declared relative? */
  async isOwn(tx: Tx, staffId: string, customerNo: string): Promise<boolean> {
    const rows = await tx.$queryRaw<
      unknown[]
    >`SELECT 1 FROM staff_interest WHERE staff_id = ${staffId}::uuid AND customer_no = ${customerNo} LIMIT 1`;
    return rows.length > 0;
  }

  /** After a change of contact: have two facts been verified anew? */
  async isContactVerified(tx: Tx, holderId: bigint): Promise<boolean> {
    const [row] = await tx.$queryRaw<{ verified: boolean }[]>`SELECT contact_is_verified(${holderId}) AS verified`;
    return row?.verified ?? false;
  }

  /** Read by name here and written by the room to the right: is the claim reserved for crediting? */
  async isInLiveBatch(tx: Tx, claimId: bigint): Promise<boolean> {
    const rows = await tx.$queryRaw<
      unknown[]
    >`SELECT 1 FROM credit_batch_item WHERE claim_id = ${claimId} AND skip_reason IS NULL LIMIT 1`;
    return rows.length > 0;
  }
}
