import type { Tx } from '../../platform/database/database.js';

/**
 * What every payable customer of the sealed snapshots has now, kept for the tree; one statement, so all of one instant.
 * The claim amount is that of all claims, whatever was decided, as in the reconciliation. Locks nothing.
 */
export async function freezeAmounts(tx: Tx, treeId: string): Promise<void> {
  await tx.$executeRaw`
    INSERT INTO proof_amount (tree_id, holder_id, quantity_micro_xem, claim_jpy, credited_jpy)
    SELECT ${treeId}::uuid, b.holder_id, (b.quantity_xem * 1000000)::bigint, coalesce(c.claim_jpy, 0), coalesce(c.credited_jpy, 0)
    FROM frozen_balance b JOIN snapshot s ON s.id = b.snapshot_id AND s.status = 'sealed'
    LEFT JOIN (SELECT holder_id, sum(amount_jpy)::bigint AS claim_jpy,
                      coalesce(sum(amount_jpy) FILTER (WHERE status = 'credited'), 0)::bigint AS credited_jpy
               FROM claim GROUP BY holder_id) AS c ON c.holder_id = b.holder_id
    WHERE b.excluded_reason IS NULL`;
}
