import type { Tx } from '../../platform/database/database.js';

export interface Amounts {
  readonly holderId: bigint;
  readonly customerNo: string;
  readonly quantityMicroXem: bigint;
  readonly claimJpy: bigint;
  readonly creditedJpy: bigint;
}

/**
 * The next `limit` customers of a tree after a holder, in the order of their ids. Cut off before the join, because the
 * planner knows nothing yet of rows that this transaction wrote. Locks nothing.
 */
export function readAmounts(tx: Tx, treeId: string, afterHolderId: bigint, limit: number): Promise<Amounts[]> {
  return tx.$queryRaw<Amounts[]>`
    SELECT a.holder_id AS "holderId", h.customer_no AS "customerNo", a.quantity_micro_xem AS "quantityMicroXem",
           a.claim_jpy AS "claimJpy", a.credited_jpy AS "creditedJpy"
    FROM (SELECT * FROM proof_amount WHERE tree_id = ${treeId}::uuid AND holder_id > ${afterHolderId}
          ORDER BY holder_id LIMIT ${limit}) AS a
    JOIN holder h ON h.id = a.holder_id
    ORDER BY a.holder_id`;
}
