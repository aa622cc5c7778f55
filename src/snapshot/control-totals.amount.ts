import { Decimal } from '../platform/decimal.js';

/** A number of rows and their sum in XEM; null where it was not declared or is not known yet. */
export interface ControlTotal {
  readonly count: bigint | null;
  /** XEM as a decimal text. */
  readonly totalXem: string | null;
}

export interface ComparedTotal {
  readonly declared: ControlTotal;
  readonly found: ControlTotal;
}

export interface ComparedTotals {
  readonly whole: ComparedTotal;
  readonly payable: ComparedTotal;
  readonly excluded: ComparedTotal;
}

/** Found minus declared; null unless both are known. */
export function differenceCount({ declared, found }: ComparedTotal): bigint | null {
  return declared.count === null || found.count === null ? null : found.count - declared.count;
}

/** Found minus declared, XEM with 6 decimals; null unless both are known. */
export function differenceXem({ declared, found }: ComparedTotal): string | null {
  if (declared.totalXem === null || found.totalXem === null) return null;
  return new Decimal(found.totalXem).minus(declared.totalXem).toFixed(6);
}

/** A control total that is not as declared, named by the form field that declared it. */
export interface Difference {
  readonly field: string;
  readonly code: 'count_differs' | 'total_differs';
  readonly declared: string;
  readonly found: string;
  readonly difference: string;
}

export function differencesOf(totals: ComparedTotals): Difference[] {
  const { whole, payable, excluded } = totals;
  return [...compare(whole, ''), ...compare(payable, 'Payable'), ...compare(excluded, 'Excluded')];
}

function compare(total: ComparedTotal, field: string): Difference[] {
  const { declared, found } = total;
  const [count, xem] = [differenceCount(total), differenceXem(total)];
  return [
    ...(count === null || count === 0n
      ? []
      : [difference(`declared${field}Count`, 'count_differs', declared.count, found.count, count.toString())]),
    ...(xem === null || new Decimal(xem).isZero()
      ? []
      : [difference(`declared${field}TotalXem`, 'total_differs', declared.totalXem, found.totalXem, xem)]),
  ];
}

function difference(
  field: string,
  code: Difference['code'],
  declared: bigint | string | null,
  found: bigint | string | null,
  by: string,
): Difference {
  return {
    field,
    code,
    declared: String(declared),
    found: String(found),
    difference: by.startsWith('-') ? by : `+${by}`,
  };
}
