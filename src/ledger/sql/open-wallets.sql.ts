import type { Tx } from '../../platform/database/database.js';
import type { Prisma } from '../../platform/database/prisma.js';

/**
 * One wallet for each holder that has none, in one statement whatever their number. `holderIds` is a query with one column,
 * the id of a holder. Locks nothing that exists; callers wait for each other, so that who is asked for here has a wallet or has
 * none, and no row is written that another has written just now. Answers how many wallets were opened.
 */
export async function openWallets(tx: Tx, holderIds: Prisma.Sql): Promise<bigint> {
  await tx.$queryRaw`SELECT pg_advisory_xact_lock(hashtextextended('open_wallets', 0))::text`;
  const opened = await tx.$executeRaw`
    INSERT INTO ledger_account (kind, holder_id)
    SELECT 'customer_wallet', wanted.holder_id FROM (${holderIds}) AS wanted (holder_id)
    WHERE NOT EXISTS (SELECT FROM ledger_account present WHERE present.holder_id = wanted.holder_id)
    ORDER BY wanted.holder_id`;
  return BigInt(opened);
}
