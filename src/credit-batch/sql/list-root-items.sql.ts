import type { Tx } from '../../platform/database/database.js';
import type { RootItem } from '../items-root.js';

/** Items as the root over them covers them, in their order, after a position. Locks nothing. */
export function listRootItems(tx: Tx, batchId: bigint, afterSeq: bigint, limit: number): Promise<RootItem[]> {
  return tx.$queryRaw<RootItem[]>`
    SELECT i.seq::text, claim_id::text AS "claimId", wallet_account_id::text AS "walletAccountId", amount_jpy::text AS "amountJpy"
    FROM credit_batch_item i WHERE batch_id = ${batchId} AND i.seq > ${afterSeq} ORDER BY i.seq LIMIT ${limit}`;
}
