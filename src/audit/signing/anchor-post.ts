import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { Config } from '../../platform/config/config.js';
import { postJson } from '../../platform/http/post-json.js';
import { Jobs } from '../../platform/jobs/jobs.js';
import { HeadSigner } from './head-signer.js';

/** Posts the signed head every night to somebody who does not run this installation. Its body is the anchor. */
@Injectable()
export class AnchorPost implements OnModuleInit {
  private readonly logger = new Logger('AnchorPost');

  constructor(
    private readonly config: Config,
    private readonly jobs: Jobs,
    private readonly signer: HeadSigner,
  ) {}

  /** 03:52 in Japan. */
  onModuleInit(): void {
    this.jobs.every('audit-anchor-post', '52 18 * * *', () => this.send());
  }

  /** Does nothing without an address. One that fails is tried again by the queue. */
  async send(): Promise<void> {
    const { auditAnchorUrl } = this.config;
    if (auditAnchorUrl === null) return;
    const anchor = await this.signer.sign();
    await postJson(auditAnchorUrl, JSON.stringify(anchor));
    this.logger.log(`anchored link ${anchor.seq} at ${new URL(auditAnchorUrl).host}`);
  }
}
