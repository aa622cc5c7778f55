import type { Tx } from '../../platform/database/database.js';

/**
 * Raises an alert if the watch does not live: once for each time that it fell silent, or that it went on beating and no longer
 * saw what was transferred. Answers whether it is a new one. Locks nothing.
 */
export async function raiseWatchAbsent(tx: Tx): Promise<boolean> {
  const raised = await tx.$executeRaw`
    INSERT INTO watch_alert (kind, subject, evidence, stops_crediting)
    SELECT 'watch_absent',
           CASE WHEN h.seen_at > clock_timestamp() - interval '15 seconds' THEN 'transfer:' || h.transfer_id
                WHEN isfinite(h.seen_at) THEN 'since:' || to_char(h.seen_at AT TIME ZONE 'UTC', 'YYYYMMDD"T"HH24MISSMS') ELSE 'since:never' END,
           jsonb_build_object('seenAt', CASE WHEN isfinite(h.seen_at) THEN h.seen_at END, 'transferId', h.transfer_id::text), false
    FROM watch_heartbeat h WHERE h.id = 1 AND NOT watch_lives()
    ON CONFLICT (kind, subject) DO NOTHING`;
  return raised > 0;
}
