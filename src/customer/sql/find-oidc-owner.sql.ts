import type { Tx } from '../../platform/database/database.js';

/** Whom a customer number of the identity provider names; nobody signs in for the deceased. Locks nothing. */
export async function findOidcOwner(tx: Tx, customerNo: string): Promise<bigint | null> {
  const [row] = await tx.$queryRaw<{ id: bigint }[]>`
    SELECT id FROM holder WHERE customer_no = ${customerNo} AND account_status <> 'deceased'`;
  return row?.id ?? null;
}
