import { createHash, timingSafeEqual } from 'node:crypto';
import { Injectable, UnauthorizedException } from '@nestjs/common';
import { Audit, systemActor } from '../audit/audit.js';
import { WorkItems } from '../contact/work-items.js';
import { Clock } from '../platform/clock/clock.js';
import { jstDate } from '../platform/clock/jst.js';
import { Config } from '../platform/config/config.js';
import { Database, type Tx } from '../platform/database/database.js';
import { ReportsNotConfigured, ReportUnreadable } from './notification.errors.js';
import { readReport, type MailReport } from './report-parts.js';
import type { ReportView } from './report.views.js';
import { recordReport, type RecordedReport } from './sql/record-report.sql.js';

/** What the mail server says came of our mails. */
@Injectable()
export class ReportService {
  constructor(
    private readonly config: Config,
    private readonly database: Database,
    private readonly audit: Audit,
    private readonly work: WorkItems,
    private readonly clock: Clock,
  ) {}

  /** Errors: mail_reports_not_configured, unauthorized, mail_report_unreadable. */
  async receive(authorization: string | undefined, raw: unknown): Promise<ReportView> {
    this.assertMailServer(authorization);
    const report = typeof raw === 'string' ? readReport(raw) : null;
    if (typeof raw !== 'string' || report === null) throw new ReportUnreadable();
    const recorded = await this.database.transaction(async (tx) => {
      const row = await recordReport(tx, sha256(raw).toString('hex'), report);
      if (row) await this.follow(tx, report, row);
      return row;
    });
    return { kind: report.kind, matched: recorded?.notificationId != null, repeated: recorded === null };
  }

  /** A mail that came back, or was complained about, is somebody's work: one item for each holder, however many mails. */
  private async follow(tx: Tx, report: MailReport, { notificationId, holderId }: RecordedReport): Promise<void> {
    if (notificationId === null) return;
    const context = systemActor('mail-report');
    await this.audit.record(tx, context, {
      action: `notification.${report.kind}`,
      subjectType: 'notification',
      subjectId: notificationId.toString(),
      after: { statusCode: report.statusCode },
    });
    if (report.kind === 'bounce' || report.kind === 'complaint')
      await this.work.open(tx, context, {
        kind: 'returned_mail',
        holderId,
        subjectType: 'mail',
        subjectId: notificationId.toString(),
        dueOn: jstDate(this.clock.now()),
        dedupeKey: `holder:${holderId}`,
      });
  }

  /** Both sides are hashed first, so that neither length nor content shows in the time that the comparison takes. */
  private assertMailServer(authorization: string | undefined): void {
    const { mailReportSecret } = this.config;
    if (mailReportSecret === null) throw new ReportsNotConfigured();
    if (!timingSafeEqual(sha256(authorization ?? ''), sha256(`Bearer ${mailReportSecret}`)))
      throw new UnauthorizedException();
  }
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
