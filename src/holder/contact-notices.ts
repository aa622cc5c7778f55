import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { Tx } from '../platform/database/database.js';
import { Outboxes, type DueMail } from '../platform/mail/outboxes.js';
import { contactNoticeMail } from './contact-notice-mail.js';
import { takeNextNotice } from './sql/take-next-notice.sql.js';

const SEND_JOB = 'send-contact-notices';

/**
 * Tells former and present addresses that a contact was changed. The database has left the notices, also where the change
 * was made past this program.
 */
@Injectable()
export class ContactNotices implements OnModuleInit {
  constructor(private readonly outboxes: Outboxes) {}

  onModuleInit(): void {
    this.outboxes.register(SEND_JOB, {
      take,
      settle: (tx, id, outcome) =>
        tx.contactNotice.updateMany({ where: { id, status: 'due' }, data: { status: outcome, address: null } }),
    });
  }

  sendSoon(tx: Tx): Promise<void> {
    return this.outboxes.sendSoon(tx, SEND_JOB);
  }
}

async function take(tx: Tx): Promise<DueMail | null> {
  const notice = await takeNextNotice(tx);
  if (!notice) return null;
  const { id, messageId, address, fields, changedAt, lastTry } = notice;
  return { id, lastTry, mail: { messageId, to: address, ...contactNoticeMail(fields, changedAt) } };
}
