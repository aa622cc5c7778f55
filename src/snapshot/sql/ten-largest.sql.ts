import type { Tx } from '../../platform/database/database.js';

export interface LargestBalance {
  readonly customerNo: string;
  /** XEM with 6 decimals. */
  readonly quantityXem: string;
}

/** The ten largest payable balances of a snapshot. Locks nothing. */
export function tenLargest(tx: Tx, snapshotId: string): Promise<LargestBalance[]> {
  return tx.$queryRaw<LargestBalance[]>`
    SELECT h.customer_no AS "customerNo", b.quantity_xem::text AS "quantityXem"
    FROM frozen_balance b JOIN holder h ON h.id = b.holder_id
    WHERE b.snapshot_id = ${snapshotId}::uuid AND b.excluded_reason IS NULL
    ORDER BY b.quantity_xem DESC, b.id LIMIT 10`;
}
