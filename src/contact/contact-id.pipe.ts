import { Injectable, type PipeTransform } from '@nestjs/common';
import { ContactNotFound } from './contact.errors.js';

/** A contact's id from a URL. Errors: contact_not_found, also for what cannot be an id. */
@Injectable()
export class ContactIdPipe implements PipeTransform<string, bigint> {
  transform(given: string): bigint {
    if (!/^[1-9]\d{0,17}$/.test(given)) throw new ContactNotFound();
    return BigInt(given);
  }
}
