import type { Tx } from '../../platform/database/database.js';
import type { Prisma } from '../../platform/database/prisma.js';

/**
 * One wallet for each holder that has none, in one statement whatever their number. `holderIds` is a query with one column,
 * the id of a holder. Locks nothing that exists; two callers at once wait for each other only on the same holder.
 * Answers how many wallets were opened.
 */
export async function openWallets(tx: Tx, holderIds: Prisma.Sql): Promise<bigint> {
  const opened = await tx.$executeRaw`
    INSERT INTO ledger_account (kind, holder_id)
    SELECT 'customer_wallet', wanted.holder_id FROM (${holderIds}) AS wanted (holder_id)
    WHERE NOT EXISTS (SELECT FROM ledger_account present WHERE present.holder_id = wanted.holder_id)
    ORDER BY wanted.holder_id
    ON CONFLICT (holder_id) DO NOTHING`;
  return BigInt(opened);
}
