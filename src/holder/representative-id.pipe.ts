import { Injectable, type PipeTransform } from '@nestjs/common';
import { RepresentativeNotFound } from './representative.errors.js';

/** A representative's id from a URL. Errors: representative_not_found, also for what cannot be an id. */
@Injectable()
export class RepresentativeIdPipe implements PipeTransform<string, bigint> {
  transform(given: string): bigint {
    if (!/^[1-9]\d{0,17}$/.test(given)) throw new RepresentativeNotFound();
    return BigInt(given);
  }
}
