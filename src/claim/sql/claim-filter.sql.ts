import { Prisma } from '../../platform/database/prisma.js';

/** Which claims a run means; all conditions together, none means all. */
export interface ClaimFilter {
  readonly minAmountJpy?: string;
  readonly maxAmountJpy?: string;
  readonly customerNos?: readonly string[];
}

/** The filter as a condition on `claim c`. It uses only what never changes about a claim. */
export function matchesFilter(filter: ClaimFilter): Prisma.Sql {
  const conditions = [
    Prisma.sql`true`,
    ...(filter.minAmountJpy === undefined ? [] : [Prisma.sql`c.amount_jpy >= ${filter.minAmountJpy}::bigint`]),
    ...(filter.maxAmountJpy === undefined ? [] : [Prisma.sql`c.amount_jpy <= ${filter.maxAmountJpy}::bigint`]),
    ...(filter.customerNos === undefined
      ? []
      : [Prisma.sql`c.holder_id IN (SELECT id FROM holder WHERE customer_no = ANY (${[...filter.customerNos]}))`]),
  ];
  return Prisma.join(conditions, ' AND ');
}
