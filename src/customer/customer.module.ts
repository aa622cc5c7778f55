import { Module } from '@nestjs/common';
import { ContactModule } from '../contact/contact.module.js';
import { HolderModule } from '../holder/holder.module.js';
import { IdentityModule } from '../identity/identity.module.js';
import { ProofModule } from '../proof/proof.module.js';
import { CodeSignIn } from './code-sign-in.service.js';
import { MessageController } from './message.controller.js';
import { Messages } from './message.service.js';
import { OidcSignIn } from './oidc-sign-in.service.js';
import { OwnRecordController } from './own-record.controller.js';
import { OwnRecord } from './own-record.service.js';
import { CustomerSignInController } from './sign-in.controller.js';

@Module({
  imports: [ContactModule, HolderModule, IdentityModule, ProofModule],
  controllers: [CustomerSignInController, MessageController, OwnRecordController],
  providers: [CodeSignIn, Messages, OidcSignIn, OwnRecord],
})
export class CustomerModule {}
