import type { Tx } from '../../platform/database/database.js';
import type { CodeOwner } from '../../identity/customer-codes.js';

/**
 * Who may sign in with this address; with a customer number only that customer. One probe of an index for everybody,
 * whether the address is known or not. Nobody signs in for the deceased. Locks nothing.
 */
export async function findCodeOwner(tx: Tx, email: string, customerNo: string | null): Promise<CodeOwner> {
  const rows = await tx.$queryRaw<{ id: bigint }[]>`
    SELECT id FROM holder
    WHERE lower(email) = lower(${email}) AND account_status <> 'deceased'
      AND (${customerNo}::text IS NULL OR customer_no = ${customerNo}::text)
    ORDER BY id LIMIT 2`;
  return { holderId: rows[0]?.id ?? null, shared: rows.length > 1 };
}
