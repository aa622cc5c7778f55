import type { Tx } from '../../platform/database/database.js';
import type { DeliveryRule, HolderLanguage } from '../../platform/database/prisma.js';

/** A mail that has been marked as being sent by this run. */
export interface ClaimedMail {
  readonly id: bigint;
  readonly messageId: string;
  readonly attempts: number;
  readonly deliveryRule: DeliveryRule;
  readonly subjectJa: string;
  readonly subjectEn: string;
  readonly textJa: string;
  readonly textEn: string;
  readonly customerNo: string;
  readonly name: string | null;
  readonly language: HolderLanguage;
  readonly email: string;
}

export interface ClaimedNext {
  /** Null: there was none to send, or something now stands against the one there was. */
  readonly mail: ClaimedMail | null;
  /** Was a mail found at all? */
  readonly found: boolean;
}

/**
 * Takes the next mail of a wave whose turn has come and marks it `sending`, or `unsent` if by now there is a reason
 * against it, and moves the moment of the wave's next mail on, by which its speed is kept. Locks the wave, so that
 * senders take turns, and the mail; skips what another transaction holds. Answers nothing for a run that has been replaced.
 */
export async function claimNextMail(tx: Tx, waveId: bigint, runId: string): Promise<ClaimedNext> {
  const [row] = await tx.$queryRaw<(ClaimedMail & { status: 'sending' | 'unsent' })[]>`
    WITH wave AS (
      SELECT id, campaign_id FROM mail_wave
      WHERE id = ${waveId} AND run_id = ${runId}::uuid AND status = 'sending' AND next_mail_at <= now() FOR NO KEY UPDATE
    ), due AS MATERIALIZED (
      SELECT n.id, n.holder_id FROM wave w JOIN notification n ON n.wave_id = w.id
      WHERE n.status IN ('queued', 'failed_temporarily') AND n.next_try_at <= now()
      ORDER BY n.next_try_at, n.id LIMIT 1 FOR NO KEY UPDATE OF n SKIP LOCKED
    ), checked AS MATERIALIZED (
      SELECT d.id, h.customer_no, h.name, h.language, h.email, mail_obstacle(h) AS obstacle
      FROM due d JOIN holder h ON h.id = d.holder_id
    ), marked AS (
      UPDATE notification n SET
        status = CASE WHEN k.obstacle IS NULL THEN 'sending' ELSE 'unsent' END::notification_status,
        unsent_reason = k.obstacle, run_id = ${runId}::uuid, attempts = n.attempts + (k.obstacle IS NULL)::int,
        address_sha256 = CASE WHEN k.obstacle IS NULL THEN mail_address_sha256(k.email) END
      FROM checked k WHERE n.id = k.id
      RETURNING n.id, n.campaign_id, n.status, n.message_id, n.attempts
    ), paced AS (
      UPDATE mail_wave w SET next_mail_at = greatest(w.next_mail_at, now() - interval '1 second') + interval '1 hour' / w.mails_per_hour
      WHERE w.id = ${waveId} AND EXISTS (SELECT FROM marked WHERE status = 'sending')
    )
    SELECT m.id, m.status, m.message_id AS "messageId", m.attempts, c.delivery_rule AS "deliveryRule",
      c.subject_ja AS "subjectJa", c.subject_en AS "subjectEn", c.text_ja AS "textJa", c.text_en AS "textEn",
      k.customer_no AS "customerNo", k.name, k.language, k.email
    FROM marked m JOIN checked k ON k.id = m.id JOIN campaign c ON c.id = m.campaign_id`;
  return { found: row !== undefined, mail: row?.status === 'sending' ? row : null };
}
