import { Global, Module } from '@nestjs/common';
import { AuditController } from './audit.controller.js';
import { Audit } from './audit.js';
import { AnchorMail } from './signing/anchor-mail.js';
import { AnchorPost } from './signing/anchor-post.js';
import { HeadSigner } from './signing/head-signer.js';

/** Global, because every change of every room is recorded. */
@Global()
@Module({
  controllers: [AuditController],
  providers: [Audit, HeadSigner, AnchorMail, AnchorPost],
  exports: [Audit, HeadSigner],
})
export class AuditModule {}
