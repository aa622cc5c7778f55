import { emailKey } from '../../holder/search-key.js';
import type { CodeOwner } from '../../identity/customer-codes.js';
import type { Tx } from '../../platform/database/database.js';

/**
 * Who may sign in with this address; with a customer number only that customer. One probe of the index that the call centre
 * searches by, whether the address is known or not; of what that folds together only the same address, save for case, counts.
 * Nobody signs in for the deceased. Locks nothing.
 */
export async function findCodeOwner(tx: Tx, email: string, customerNo: string | null): Promise<CodeOwner> {
  const rows = await tx.$queryRaw<{ id: bigint }[]>`
    SELECT h.id FROM holder_search_key k JOIN holder h ON h.id = k.holder_id
    WHERE k.email_key = ${emailKey(email)} AND lower(h.email) = lower(${email}) AND h.account_status <> 'deceased'
      AND (${customerNo}::text IS NULL OR h.customer_no = ${customerNo}::text)
    ORDER BY h.id LIMIT 2`;
  return { holderId: rows[0]?.id ?? null, shared: rows.length > 1 };
}
