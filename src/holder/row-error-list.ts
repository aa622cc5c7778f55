import type { RowError } from './row-errors.js';

/** Beyond this the file is plainly the wrong one; the total is still counted. */
const ERRORS_KEPT = 10_000;

/** Collects what is wrong: all of it is counted, the first of it is kept. */
export class RowErrorList {
  readonly kept: RowError[] = [];
  count = 0;

  add(error: RowError): void {
    this.count += 1;
    if (this.kept.length < ERRORS_KEPT) this.kept.push(error);
  }
}
