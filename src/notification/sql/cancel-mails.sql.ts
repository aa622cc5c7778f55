import type { Tx } from '../../platform/database/database.js';

/** Names every mail of a cancelled wave that did not go out as unsent. Locks those mails; the wave is already cancelled. */
export function cancelMails(tx: Tx, waveId: bigint): Promise<number> {
  return tx.$executeRaw`
    UPDATE notification SET status = 'unsent', unsent_reason = 'wave_cancelled'
    WHERE wave_id = ${waveId} AND status IN ('queued', 'failed_temporarily')`;
}
