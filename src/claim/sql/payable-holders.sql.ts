import { Prisma } from '../../platform/database/prisma.js';

/** Ids of the holders of payable, sealed balances that have no claim yet, as a query for set-based statements. */
export function payableHoldersWithoutClaim(): Prisma.Sql {
  return Prisma.sql`
    SELECT b.holder_id FROM frozen_balance b JOIN snapshot s ON s.id = b.snapshot_id AND s.status = 'sealed'
    WHERE b.excluded_reason IS NULL AND NOT EXISTS (SELECT FROM claim c WHERE c.frozen_balance_id = b.id)`;
}
