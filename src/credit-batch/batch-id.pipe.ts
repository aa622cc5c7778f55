import { Injectable, type PipeTransform } from '@nestjs/common';
import { CreditBatchNotFound } from './credit-batch.errors.js';

/** The number of a batch in an address; what cannot be one is a batch that is not there. */
@Injectable()
export class BatchIdPipe implements PipeTransform<string, bigint> {
  transform(value: string): bigint {
    if (!/^[1-9]\d{0,17}$/.test(value)) throw new CreditBatchNotFound();
    return BigInt(value);
  }
}
