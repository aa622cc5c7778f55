import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Config } from '../platform/config/config.js';
import { Database, type Tx } from '../platform/database/database.js';
import { Jobs } from '../platform/jobs/jobs.js';
import { MailRefused } from '../platform/mail/mail.errors.js';
import { Mailer } from '../platform/mail/mailer.js';
import { contactNoticeMail } from './contact-notice-mail.js';
import { takeNextNotice, type TakenNotice } from './sql/take-next-notice.sql.js';

const SEND_JOB = 'send-contact-notices';
/** Then other jobs have their say; the rest is sent by the next run. */
const SLICE_MS = 20_000;

/**
 * Tells former and present addresses that a contact was changed. The database has left the notices, also where the change
 * was made past this program. Without a mail server they wait for one.
 */
@Injectable()
export class ContactNotices implements OnModuleInit {
  constructor(
    private readonly config: Config,
    private readonly database: Database,
    private readonly jobs: Jobs,
    private readonly mailer: Mailer,
  ) {}

  onModuleInit(): void {
    this.jobs.register(SEND_JOB, (_payload, signal) => this.send(signal));
    this.jobs.every('contact-notice-sweep', '* * * * *', (signal) => this.send(signal));
  }

  sendSoon(tx: Tx): Promise<void> {
    return this.jobs.add(tx, SEND_JOB, {}, { jobKey: SEND_JOB });
  }

  private async send(stop: AbortSignal): Promise<void> {
    if (this.config.smtpUrl === null) return;
    const until = AbortSignal.any([stop, AbortSignal.timeout(SLICE_MS)]);
    while (!until.aborted) {
      const notice = await this.database.transaction((tx) => takeNextNotice(tx));
      if (!notice) return;
      const outcome = await this.tell(notice);
      if (outcome)
        await this.database.transaction((tx) =>
          tx.contactNotice.updateMany({
            where: { id: notice.id, status: 'due' },
            data: { status: outcome, address: null },
          }),
        );
    }
    await this.database.transaction((tx) => this.sendSoon(tx));
  }

  /** Null: to be tried again. */
  private async tell({
    address,
    messageId,
    fields,
    changedAt,
    lastTry,
  }: TakenNotice): Promise<'told' | 'given_up' | null> {
    try {
      await this.mailer.send({ messageId, to: address, ...contactNoticeMail(fields, changedAt) });
      return 'told';
    } catch (error) {
      if (!(error instanceof MailRefused)) throw error;
      return error.permanent || lastTry ? 'given_up' : null;
    }
  }
}
