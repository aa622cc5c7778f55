import { Injectable } from '@nestjs/common';
import { Audit } from '../audit/audit.js';
import type { RequestContext } from '../platform/http/request-context.js';
import { Commands } from '../platform/idempotency/commands.js';
import { CampaignRepository } from './campaign.repository.js';
import type { MailView } from './campaign.views.js';
import { MailNotFound, MailNotOver } from './notification.errors.js';
import { mailView } from './present-campaign.js';
import { insertResend } from './sql/insert-resend.sql.js';
import { WaveJobs } from './wave-jobs.js';

/** The one further mail that an agent may send, because a customer asked for it. */
@Injectable()
export class ResendService {
  constructor(
    private readonly commands: Commands,
    private readonly campaigns: CampaignRepository,
    private readonly waveJobs: WaveJobs,
    private readonly audit: Audit,
  ) {}

  /** Errors: mail_not_found, mail_not_resendable. */
  resend(context: RequestContext, mailId: bigint, reason: string): Promise<MailView> {
    return this.commands.run(context, async (tx) => {
      const first = await tx.notification.findUnique({ where: { id: mailId }, include: { wave: true } });
      if (!first) throw new MailNotFound();
      // A wave that is over is taken up again for this one mail.
      await this.campaigns.moveWave(tx, first.waveId, 'completed', 'sending');
      const id = await insertResend(tx, mailId, reason, context.actor.id);
      if (id === null) throw new MailNotOver();
      await this.waveJobs.add(tx, first.waveId);
      await this.audit.record(tx, context, {
        action: 'notification.resent',
        subjectType: 'notification',
        subjectId: id.toString(),
        after: { resendOf: mailId.toString(), reason },
      });
      const row = await tx.notification.findUniqueOrThrow({
        where: { id },
        include: { holder: { select: { customerNo: true } } },
      });
      return mailView(row);
    });
  }
}
