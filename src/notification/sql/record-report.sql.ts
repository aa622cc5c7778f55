import type { Tx } from '../../platform/database/database.js';
import type { MailReport } from '../report-parts.js';

export interface RecordedReport {
  /** The mail and its holder; null when the report is about no mail of ours. */
  readonly notificationId: bigint | null;
  readonly holderId: bigint | null;
}

/**
 * Writes a report down, once however often it is posted, and with it the stop that it means for its holder: a bounce for the
 * address that the mail went to, a complaint for all mail. Null for a report that is known already. Locks nothing.
 */
export async function recordReport(tx: Tx, sha256: string, report: MailReport): Promise<RecordedReport | null> {
  const { kind, statusCode, messageId } = report;
  const [row] = await tx.$queryRaw<RecordedReport[]>`
    WITH about AS (
      SELECT id, holder_id, address_sha256 FROM notification WHERE message_id = ${messageId}
    ), written AS (
      INSERT INTO mail_report (report_sha256, kind, notification_id, status_code)
      VALUES (${sha256}, ${kind}::mail_report_kind, (SELECT id FROM about), ${statusCode})
      ON CONFLICT (report_sha256) DO NOTHING
      RETURNING notification_id, kind
    ), stopped AS (
      INSERT INTO mail_stop (holder_id, reason, address_sha256)
      SELECT a.holder_id, CASE w.kind WHEN 'bounce' THEN 'bounced' ELSE 'complained' END::unsent_reason,
        CASE w.kind WHEN 'bounce' THEN a.address_sha256 END
      FROM written w JOIN about a ON a.id = w.notification_id
      WHERE w.kind = 'complaint' OR (w.kind = 'bounce' AND a.address_sha256 IS NOT NULL)
      ON CONFLICT ON CONSTRAINT mail_stop_once DO NOTHING
    )
    SELECT notification_id AS "notificationId", (SELECT holder_id FROM about) AS "holderId" FROM written`;
  return row ?? null;
}
