import type { Tx } from '../../platform/database/database.js';

/**
 * Adds the one further mail to a first mail that is over; null if it is not over, not a first one, has been sent once more
 * already, its wave is not being sent, nothing may be sent to the holder, or the person who asks deals with their own
 * money. Locks nothing: of two at once the unique constraint lets one through.
 */
export async function insertResend(tx: Tx, mailId: bigint, reason: string, staffId: string): Promise<bigint | null> {
  const [row] = await tx.$queryRaw<{ id: bigint }[]>`
    INSERT INTO notification (campaign_id, wave_id, holder_id, status, resend_of, resend_reason, requested_by)
    SELECT n.campaign_id, n.wave_id, n.holder_id, 'queued', n.id, ${reason}, ${staffId}::uuid
    FROM notification n JOIN holder h ON h.id = n.holder_id JOIN mail_wave w ON w.id = n.wave_id
    WHERE n.id = ${mailId} AND n.resend_of IS NULL AND n.status IN ('sent', 'refused', 'outcome_unknown', 'unsent') AND w.status = 'sending'
      AND mail_obstacle(h) IS NULL
      AND NOT EXISTS (SELECT FROM staff_interest i WHERE i.staff_id = ${staffId}::uuid AND i.customer_no = h.customer_no)
    ON CONFLICT (resend_of) DO NOTHING
    RETURNING id`;
  return row?.id ?? null;
}
