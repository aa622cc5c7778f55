import { PERSONAL_COLUMNS, type PersonColumn } from './person-columns.js';
import type { RowErrorCode } from './row-errors.js';

/** A person's row as a file has it, by column; blank is ''. */
export type RawPerson = Readonly<Record<PersonColumn, string>>;

export interface Flaw<Column extends string = PersonColumn> {
  readonly column: Column;
  readonly value: string;
  readonly code: RowErrorCode;
}

/** How customer numbers are written; the database holds the same. */
export const CUSTOMER_NO = /^[A-Za-z0-9][A-Za-z0-9_-]{0,31}$/;
/** How contact data is written; whatever is typed or uploaded is held to the same. */
export const EMAIL = /^[^\s@]{1,64}@[^\s@]{1,190}$/;
export const PHONE = /^\+?[0-9][0-9 ()-]{5,24}$/;

const ALLOWED: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ['kind', new Set(['individual', 'corporate'])],
  ['language', new Set(['ja', 'en'])],
  ['account_status', new Set(['open', 'restricted', 'closed', 'deceased'])],
  ['identity_status', new Set(['none', 'submitted', 'returned', 'verified'])],
]);
const SHAPES: readonly (readonly [PersonColumn, RegExp, RowErrorCode])[] = [
  ['email', EMAIL, 'email_malformed'],
  ['phone', PHONE, 'phone_malformed'],
  ['country', /^[A-Z]{2}$/, 'country_malformed'],
];

/** What no value of any column may be. */
export function textFlaws<C extends string>(row: Readonly<Record<C, string>>, columns: readonly C[]): Flaw<C>[] {
  const flaws: Flaw<C>[] = [];
  for (const column of columns) {
    const value = row[column];
    if (value.includes('\0')) flaws.push({ column, value, code: 'nul_character' });
    else if (value.length > 200) flaws.push({ column, value, code: 'value_too_long' });
    else if (ALLOWED.get(column)?.has(value) === false) flaws.push({ column, value, code: 'value_unknown' });
  }
  return flaws;
}

/** What is wrong with a person's data by itself. */
export function personFlaws(row: RawPerson): Flaw[] {
  const flaws: Flaw[] = [];
  const flaw = (column: PersonColumn, code: RowErrorCode) => flaws.push({ column, code, value: row[column] });
  if (!CUSTOMER_NO.test(row.customer_no)) flaw('customer_no', 'customer_no_malformed');
  for (const [column, shape, code] of SHAPES) {
    if ((row[column] !== '' || column === 'country') && !shape.test(row[column])) flaw(column, code);
  }
  if (row.birth_date !== '' && !isDate(row.birth_date)) flaw('birth_date', 'date_malformed');
  if (row.identity_status === 'verified') {
    const required: PersonColumn[] = [
      'name',
      'name_kana',
      'phone',
      ...(row.kind === 'corporate' ? [] : ['birth_date' as const]),
    ];
    for (const column of required) if (row[column] === '') flaw(column, 'value_required');
  }
  return flaws;
}

function isDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text) || text < '1868-01-01') return false;
  const [month, day] = [Number(text.slice(5, 7)), Number(text.slice(8))];
  if (month < 1 || month > 12 || day < 1) return false;
  return day <= 28 || day <= new Date(Date.UTC(Number(text.slice(0, 4)), month, 0)).getUTCDate();
}

/** Personal values are shown by their length only. */
export function shownValue(column: string, value: string): string {
  return PERSONAL_COLUMNS.has(column)
    ? '*'.repeat(Math.min([...value].length, 20))
    : value.slice(0, 80).replaceAll('\0', '␀');
}
