import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { Config } from '../../platform/config/config.js';
import { Jobs } from '../../platform/jobs/jobs.js';
import { Mailer } from '../../platform/mail/mailer.js';
import { HeadSigner } from './head-signer.js';

/** Sends the signed head away every night, to somebody who does not run this installation. Its text is the anchor. */
@Injectable()
export class AnchorMail implements OnModuleInit {
  private readonly logger = new Logger('AnchorMail');

  constructor(
    private readonly config: Config,
    private readonly jobs: Jobs,
    private readonly mailer: Mailer,
    private readonly signer: HeadSigner,
  ) {}

  /** 03:52 in Japan. */
  onModuleInit(): void {
    this.jobs.every('audit-anchor-mail', '52 18 * * *', () => this.send());
  }

  /** Does nothing without a recipient. One that fails is tried again by the queue. */
  async send(): Promise<void> {
    const { auditAnchorMail } = this.config;
    if (auditAnchorMail === null) return;
    const anchor = await this.signer.sign();
    await this.mailer.send({
      messageId: `<anchor.${anchor.chainId.slice(0, 16)}.${anchor.seq}@henkin>`,
      to: auditAnchorMail,
      subject: `Henkin: anchor of link ${anchor.seq}`,
      text: `${JSON.stringify(anchor, null, 2)}\n`,
    });
    this.logger.log(`anchored link ${anchor.seq} by mail`);
  }
}
