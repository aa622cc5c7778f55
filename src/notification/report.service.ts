import { createHash, timingSafeEqual } from 'node:crypto';
import { Injectable, UnauthorizedException } from '@nestjs/common';
import { Audit, systemActor } from '../audit/audit.js';
import { Config } from '../platform/config/config.js';
import { Database } from '../platform/database/database.js';
import { ReportsNotConfigured, ReportUnreadable } from './notification.errors.js';
import { readReport } from './report-parts.js';
import type { ReportView } from './report.views.js';
import { recordReport } from './sql/record-report.sql.js';

/** What the mail server says came of our mails. */
@Injectable()
export class ReportService {
  constructor(
    private readonly config: Config,
    private readonly database: Database,
    private readonly audit: Audit,
  ) {}

  /** Errors: mail_reports_not_configured, unauthorized, mail_report_unreadable. */
  async receive(authorization: string | undefined, raw: unknown): Promise<ReportView> {
    this.assertMailServer(authorization);
    const report = typeof raw === 'string' ? readReport(raw) : null;
    if (typeof raw !== 'string' || report === null) throw new ReportUnreadable();
    const recorded = await this.database.transaction(async (tx) => {
      const row = await recordReport(tx, sha256(raw).toString('hex'), report);
      if (row?.notificationId != null)
        await this.audit.record(tx, systemActor('mail-report'), {
          action: `notification.${report.kind}`,
          subjectType: 'notification',
          subjectId: row.notificationId.toString(),
          after: { statusCode: report.statusCode },
        });
      return row;
    });
    return { kind: report.kind, matched: recorded?.notificationId != null, repeated: recorded === null };
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
