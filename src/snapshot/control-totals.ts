import { Decimal } from '../platform/decimal.js';
import type { Charset } from '../holder/csv-source.js';
import type { RowErrorList } from '../holder/row-error-list.js';

/** What the database counted over the staged rows. */
export interface Totals {
  readonly row_count: string;
  readonly total_xem: string;
  readonly payable_count: string;
  readonly payable_total_xem: string;
  readonly excluded_count: string;
  readonly excluded_total_xem: string;
  readonly rows_digest: string;
}

/** What finance counted on paper. */
export interface Declared {
  readonly id: string;
  readonly kind: string;
  readonly charset: Charset;
  readonly declaredCount: bigint;
  readonly declaredTotalXem: { toFixed(): string };
  readonly declaredPayableCount: bigint | null;
  readonly declaredPayableTotalXem: { toFixed(): string } | null;
  readonly declaredExcludedCount: bigint | null;
  readonly declaredExcludedTotalXem: { toFixed(): string } | null;
}

/** Every total that is not as declared, and by how much. */
export function compareTotals(snapshot: Declared, totals: Totals, errors: RowErrorList): void {
  const compare = (what: string, declared: string | undefined, found: string, unit: string) => {
    if (declared === undefined || new Decimal(declared).equals(found)) return;
    const difference = new Decimal(found).minus(declared).toFixed();
    errors.add({
      lineNo: null,
      column: what,
      value: `declared ${declared}, found ${found}, difference ${difference} ${unit}`,
      code: 'control_total_differs',
    });
  };
  compare('declaredCount', snapshot.declaredCount.toString(), totals.row_count, 'rows');
  compare('declaredTotalXem', snapshot.declaredTotalXem.toFixed(), totals.total_xem, 'XEM');
  compare('declaredPayableCount', snapshot.declaredPayableCount?.toString(), totals.payable_count, 'rows');
  compare('declaredPayableTotalXem', snapshot.declaredPayableTotalXem?.toFixed(), totals.payable_total_xem, 'XEM');
  compare('declaredExcludedCount', snapshot.declaredExcludedCount?.toString(), totals.excluded_count, 'rows');
  compare('declaredExcludedTotalXem', snapshot.declaredExcludedTotalXem?.toFixed(), totals.excluded_total_xem, 'XEM');
}
