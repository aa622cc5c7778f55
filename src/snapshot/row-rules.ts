import { HOLDER_COLUMNS, PERSONAL_COLUMNS, type ExclusionReason, type HolderColumn } from './columns.js';
import type { RowErrorCode } from './row-errors.js';

/** A holder's row as the file has it, by column; blank is ''. */
export type RawRow = Readonly<Record<HolderColumn, string>>;

export interface Flaw {
  readonly column: HolderColumn;
  readonly value: string;
  readonly code: RowErrorCode;
}

const QUANTITY = /^(0|[1-9]\d{0,13})(\.\d{1,6})?$/;
const SIGNED_QUANTITY = /^-?(0|[1-9]\d{0,13})(\.\d{1,6})?$/;
const PARTS = ['available_xem', 'in_order_xem', 'lent_xem', 'in_transit_xem'] as const;
const ALLOWED: Readonly<Partial<Record<HolderColumn, ReadonlySet<string>>>> = {
  kind: new Set(['individual', 'corporate']),
  language: new Set(['ja', 'en']),
  account_status: new Set(['open', 'restricted', 'closed', 'deceased']),
  identity_status: new Set(['none', 'submitted', 'returned', 'verified']),
};
const SHAPES: readonly (readonly [HolderColumn, RegExp, RowErrorCode])[] = [
  ['email', /^[^\s@]{1,64}@[^\s@]{1,190}$/, 'email_malformed'],
  ['phone', /^\+?[0-9][0-9 ()-]{5,24}$/, 'phone_malformed'],
  ['country', /^[A-Z]{2}$/, 'country_malformed'],
];

/** Everything that is wrong with one row by itself; what needs other rows is asked of the database. */
export function flawsOf(row: RawRow, excluded: ExclusionReason | null): Flaw[] {
  const flaws: Flaw[] = [];
  const flaw = (column: HolderColumn, code: RowErrorCode) => flaws.push({ column, code, value: row[column] });
  for (const column of HOLDER_COLUMNS) {
    if (row[column].includes('\0')) flaw(column, 'nul_character');
    else if (row[column].length > 200) flaw(column, 'value_too_long');
    else if (ALLOWED[column] && !ALLOWED[column].has(row[column])) flaw(column, 'value_unknown');
  }
  if (!/^[A-Za-z0-9][A-Za-z0-9_-]{0,31}$/.test(row.customer_no)) flaw('customer_no', 'customer_no_malformed');
  for (const [column, shape, code] of SHAPES) {
    if ((row[column] !== '' || column === 'country') && !shape.test(row[column])) flaw(column, code);
  }
  if (row.birth_date !== '' && !isDate(row.birth_date)) flaw('birth_date', 'date_malformed');
  if (row.identity_status === 'verified') {
    const required: HolderColumn[] = [
      'name',
      'name_kana',
      'phone',
      ...(row.kind === 'corporate' ? [] : ['birth_date' as const]),
    ];
    for (const column of required) if (row[column] === '') flaw(column, 'value_required');
  }
  flaws.push(...quantityFlaws(row, excluded));
  return flaws;
}

function quantityFlaws(row: RawRow, excluded: ExclusionReason | null): Flaw[] {
  const shape = excluded === null ? QUANTITY : SIGNED_QUANTITY;
  const malformed = (column: HolderColumn): Flaw => ({ column, code: 'quantity_malformed', value: row[column] });
  if (excluded === null && SIGNED_QUANTITY.test(row.quantity_xem) && microXem(row.quantity_xem) <= 0n) {
    return [{ column: 'quantity_xem', code: 'quantity_not_positive', value: row.quantity_xem }];
  }
  if (!shape.test(row.quantity_xem)) return [malformed('quantity_xem')];
  const given = PARTS.filter((part) => row[part] !== '');
  if (given.length === 0) return [];
  if (given.length < PARTS.length)
    return [{ column: PARTS.find((part) => row[part] === '') ?? 'quantity_xem', code: 'parts_incomplete', value: '' }];
  const wrong = PARTS.filter((part) => !shape.test(row[part]));
  if (wrong.length > 0) return wrong.map(malformed);
  const sum = PARTS.reduce((total, part) => total + microXem(row[part]), 0n);
  return sum === microXem(row.quantity_xem)
    ? []
    : [{ column: 'quantity_xem', code: 'parts_differ', value: row.quantity_xem }];
}

/** Millionths of a XEM, exact. The text has passed the grammar of quantities. */
export function microXem(quantity: string): bigint {
  const negative = quantity.startsWith('-');
  const [whole = '0', decimals = ''] = quantity.replace('-', '').split('.');
  const micro = BigInt(whole) * 1_000_000n + BigInt(decimals.padEnd(6, '0'));
  return negative ? -micro : micro;
}

function isDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text) && text >= '1868-01-01';
}

/** Personal values are shown by their length only. */
export function shownValue(column: string, value: string): string {
  return PERSONAL_COLUMNS.has(column)
    ? '*'.repeat(Math.min([...value].length, 20))
    : value.slice(0, 80).replaceAll('\0', '␀');
}
