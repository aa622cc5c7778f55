import { Injectable, type PipeTransform } from '@nestjs/common';
import { MailNotFound } from './notification.errors.js';

/** A mail's id from a URL. Errors: mail_not_found, also for what cannot be an id. */
@Injectable()
export class MailIdPipe implements PipeTransform<string, bigint> {
  transform(given: string): bigint {
    if (!/^[1-9]\d{0,17}$/.test(given)) throw new MailNotFound();
    return BigInt(given);
  }
}
