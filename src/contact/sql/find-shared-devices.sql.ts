import type { Tx } from '../../platform/database/database.js';

export interface SharedDevice {
  readonly id: bigint;
  readonly holderId: bigint;
  /** The customer who was seen on the device first. */
  readonly otherCustomerNo: string;
}

/** Customers who signed in on another's device in the last days, whom nobody was asked to look at yet. Locks nothing. */
export function findSharedDevices(tx: Tx, limit: number): Promise<SharedDevice[]> {
  return tx.$queryRaw<SharedDevice[]>`
    SELECT d.id, d.holder_id AS "holderId", first.customer_no AS "otherCustomerNo"
    FROM customer_device d
    CROSS JOIN LATERAL (SELECT h.customer_no FROM customer_device e JOIN holder h ON h.id = e.holder_id
                        WHERE e.device_hash = d.device_hash AND e.holder_id <> d.holder_id ORDER BY e.id LIMIT 1) AS first
    WHERE d.shared AND d.first_seen_at > now() - interval '3 days'
      AND NOT EXISTS (SELECT FROM work_item w WHERE w.holder_id = d.holder_id AND w.kind = 'shared_device' AND w.dedupe_key = 'customer_device:' || d.id)
    ORDER BY d.id LIMIT ${limit}::int`;
}
