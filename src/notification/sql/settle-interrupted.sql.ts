import type { Tx } from '../../platform/database/database.js';

/**
 * Settles the mails that a dead process was just sending: nobody knows whether they arrived. Where the campaign promises
 * at most once they stay unknown; otherwise they are sent again under the same Message-ID. Run by whoever takes a wave over.
 */
export function settleInterrupted(tx: Tx, waveId: bigint, runId: string): Promise<number> {
  return tx.$executeRaw`
    UPDATE notification n SET status = CASE c.delivery_rule WHEN 'at_most_once' THEN 'outcome_unknown' ELSE 'failed_temporarily' END::notification_status
    FROM campaign c
    WHERE n.wave_id = ${waveId} AND n.status = 'sending' AND n.run_id IS DISTINCT FROM ${runId}::uuid AND c.id = n.campaign_id`;
}
