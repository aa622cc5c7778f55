import { Injectable, type PipeTransform } from '@nestjs/common';
import { WorkItemNotFound } from './work-item.errors.js';

/** A work item's id from a URL. Errors: work_item_not_found, also for what cannot be an id. */
@Injectable()
export class WorkItemIdPipe implements PipeTransform<string, bigint> {
  transform(given: string): bigint {
    if (!/^[1-9]\d{0,17}$/.test(given)) throw new WorkItemNotFound();
    return BigInt(given);
  }
}
