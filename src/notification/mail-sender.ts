import { Injectable } from '@nestjs/common';
import { Clock } from '../platform/clock/clock.js';
import { Database } from '../platform/database/database.js';
import type { Prisma } from '../platform/database/prisma.js';
import { MailNotConfigured, MailRefused } from '../platform/mail/mail.errors.js';
import { Mailer } from '../platform/mail/mailer.js';
import { writeMail } from './mail-text.js';
import { nextTry } from './notification.state.js';
import { claimNextMail, type ClaimedMail } from './sql/claim-next-mail.sql.js';
import { WaveRepository } from './wave.repository.js';

/** How long a wave rests when its mail server does not answer at all. */
const REST_SECONDS = 15;

type Outcome = Pick<Prisma.NotificationUpdateManyMutationInput, 'status' | 'smtpCode' | 'nextTryAt'>;

/** Sends one mail at a time: marks it, commits, speaks to the mail server, and writes down what came of it. */
@Injectable()
export class MailSender {
  constructor(
    private readonly database: Database,
    private readonly waves: WaveRepository,
    private readonly mailer: Mailer,
    private readonly clock: Clock,
  ) {}

  /** Answers whether there was a mail whose turn had come. */
  async sendNext(waveId: bigint, runId: string): Promise<boolean> {
    // Committed before a word is said to the mail server: whoever finds it later knows that it may have gone out.
    const { found, mail } = await this.database.transaction((tx) => claimNextMail(tx, waveId, runId));
    if (mail) await this.settle(waveId, runId, mail, await this.talk(mail));
    return found;
  }

  /** Null: accepted. */
  private async talk(mail: ClaimedMail): Promise<MailRefused | null> {
    const { subject, text, html } = writeMail(mail, mail);
    try {
      await this.mailer.send({ messageId: mail.messageId, to: mail.email, subject, text, html });
      return null;
    } catch (error) {
      if (error instanceof MailRefused) return error;
      if (error instanceof MailNotConfigured)
        return new MailRefused({ permanent: false, smtpCode: null, outcomeUnknown: false });
      throw error;
    }
  }

  private async settle(waveId: bigint, runId: string, mail: ClaimedMail, refusal: MailRefused | null): Promise<void> {
    const outcome = this.outcomeOf(mail, refusal);
    await this.database.transaction(async (tx) => {
      if (refusal && refusal.smtpCode === null && !refusal.outcomeUnknown)
        await this.waves.holdBack(tx, waveId, REST_SECONDS);
      const { count } = await tx.notification.updateMany({
        where: { id: mail.id, status: 'sending', runId },
        data: outcome,
      });
      // Given up for dead meanwhile, and yet the answer came: what is known replaces what was unknown.
      if (count === 0 && (outcome.status === 'sent' || outcome.status === 'refused'))
        await tx.notification.updateMany({ where: { id: mail.id, status: 'outcome_unknown', runId }, data: outcome });
    });
  }

  private outcomeOf({ attempts, deliveryRule }: ClaimedMail, refusal: MailRefused | null): Outcome {
    if (refusal === null) return { status: 'sent', smtpCode: null };
    const { permanent, smtpCode, outcomeUnknown } = refusal;
    if (outcomeUnknown && deliveryRule === 'at_most_once') return { status: 'outcome_unknown' };
    const nextTryAt = permanent ? null : nextTry(this.clock.now(), attempts);
    if (nextTryAt) return { status: 'failed_temporarily', smtpCode, nextTryAt };
    return { status: outcomeUnknown ? 'outcome_unknown' : 'refused', smtpCode };
  }
}
