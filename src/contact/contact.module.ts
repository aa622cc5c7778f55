import { Module } from '@nestjs/common';
import { HolderModule } from '../holder/holder.module.js';
import { CallerChecks } from './caller-checks.js';
import { Complaints } from './complaints.js';
import { ContactController } from './contact.controller.js';
import { ContactRepository } from './contact.repository.js';
import { Contacts } from './contacts.js';
import { DailyContacts } from './daily-contacts.js';
import { HolderContacts } from './holder-contacts.js';

@Module({
  imports: [HolderModule],
  controllers: [ContactController],
  providers: [CallerChecks, Complaints, ContactRepository, Contacts, DailyContacts, HolderContacts],
  exports: [HolderContacts],
})
export class ContactModule {}
