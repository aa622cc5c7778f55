import type { Tx } from '../../platform/database/database.js';

export interface SealedCustomers {
  readonly count: bigint;
  /** The first ten, in the order of the file. */
  readonly customerNos: string[];
}

/** Customers of a snapshot who are in a sealed one already, payable or not. Locks nothing; the seal's guard asks again. */
export async function findSealedCustomers(tx: Tx, snapshotId: string): Promise<SealedCustomers> {
  const [row] = await tx.$queryRaw<[SealedCustomers]>`
    SELECT count(*) AS count, coalesce((array_agg(h.customer_no ORDER BY mine.line_no))[1:10], '{}') AS "customerNos"
    FROM snapshot s
    JOIN frozen_balance other ON other.snapshot_id = s.id
    JOIN frozen_balance mine ON mine.holder_id = other.holder_id AND mine.snapshot_id = ${snapshotId}::uuid
    JOIN holder h ON h.id = mine.holder_id
    WHERE s.status = 'sealed' AND s.id <> ${snapshotId}::uuid`;
  return row;
}
