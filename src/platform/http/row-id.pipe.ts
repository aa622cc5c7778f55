import { Injectable, type PipeTransform } from '@nestjs/common';
import type { DomainError } from '../problem/domain-error.js';

/** An id from a URL; what cannot be one is a thing that is not there, and says so by the given error. */
@Injectable()
export class RowIdPipe implements PipeTransform<string, bigint> {
  constructor(private readonly notFound: new () => DomainError) {}

  transform(given: string): bigint {
    if (!/^[1-9]\d{0,17}$/.test(given)) throw new this.notFound();
    return BigInt(given);
  }
}
