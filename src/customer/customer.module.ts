import { Module } from '@nestjs/common';
import { IdentityModule } from '../identity/identity.module.js';
import { CodeSignIn } from './code-sign-in.service.js';
import { CustomerSignInController } from './sign-in.controller.js';

@Module({
  imports: [IdentityModule],
  controllers: [CustomerSignInController],
  providers: [CodeSignIn],
})
export class CustomerModule {}
