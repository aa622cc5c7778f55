import type { Tx } from '../../platform/database/database.js';
import type { Amounts } from '../hash-leaves.js';

/** Some customers of a tree, and the last of them. */
export interface ReadAmounts {
  readonly customers: readonly Amounts[];
  readonly lastHolderId: bigint;
}

/**
 * The next `limit` customers of a tree after a holder, in the order of their ids; null if there are none. Cut off before the
 * join, because the planner knows nothing yet of rows that this transaction wrote. As one text with a line per customer, whose
 * numbers have no comma: thousands of rows would keep the server from answering while they are read. Locks nothing.
 */
export async function readAmounts(
  tx: Tx,
  treeId: string,
  afterHolderId: bigint,
  limit: number,
): Promise<ReadAmounts | null> {
  const [row] = await tx.$queryRaw<[{ lines: string | null; lastHolderId: bigint }]>`
    SELECT string_agg(concat_ws(',', h.customer_no, a.quantity_micro_xem, a.claim_jpy, a.credited_jpy), E'\n' ORDER BY a.holder_id) AS lines,
           max(a.holder_id) AS "lastHolderId"
    FROM (SELECT * FROM proof_amount WHERE tree_id = ${treeId}::uuid AND holder_id > ${afterHolderId}
          ORDER BY holder_id LIMIT ${limit}) AS a
    JOIN holder h ON h.id = a.holder_id`;
  return row.lines === null ? null : { customers: row.lines.split('\n').map(amounts), lastHolderId: row.lastHolderId };
}

function amounts(line: string): Amounts {
  const [customerNo = '', quantityMicroXem = '', claimJpy = '', creditedJpy = ''] = line.split(',');
  return { customerNo, sums: [BigInt(quantityMicroXem), BigInt(claimJpy), BigInt(creditedJpy)] };
}
