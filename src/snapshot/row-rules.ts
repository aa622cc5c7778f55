import { personFlaws, textFlaws, type Flaw } from '../holder/person.rules.js';
import { HOLDER_COLUMNS, type ExclusionReason, type HolderColumn } from './columns.js';

/** A holder's row as the file has it, by column; blank is ''. */
export type RawRow = Readonly<Record<HolderColumn, string>>;

const QUANTITY = /^(0|[1-9]\d{0,13})(\.\d{1,6})?$/;
const SIGNED_QUANTITY = /^-?(0|[1-9]\d{0,13})(\.\d{1,6})?$/;
const POSITIVE = /^[^-]*[1-9]/;
const NOTHING = /^0(\.0+)?$/;
const PARTS = ['available_xem', 'in_order_xem', 'lent_xem', 'in_transit_xem'] as const;

/** Everything that is wrong with one row by itself; what needs other rows is asked of the database. */
export function flawsOf(row: RawRow, excluded: ExclusionReason | null): Flaw<HolderColumn>[] {
  return [...textFlaws(row, HOLDER_COLUMNS), ...personFlaws(row), ...quantityFlaws(row, excluded)];
}

function quantityFlaws(row: RawRow, excluded: ExclusionReason | null): Flaw<HolderColumn>[] {
  const shape = excluded === null ? QUANTITY : SIGNED_QUANTITY;
  const malformed = (column: HolderColumn): Flaw<HolderColumn> => ({
    column,
    code: 'quantity_malformed',
    value: row[column],
  });
  if (excluded === null && SIGNED_QUANTITY.test(row.quantity_xem) && !POSITIVE.test(row.quantity_xem)) {
    return [{ column: 'quantity_xem', code: 'quantity_not_positive', value: row.quantity_xem }];
  }
  if (!shape.test(row.quantity_xem)) return [malformed('quantity_xem')];
  const given = PARTS.filter((part) => row[part] !== '');
  if (given.length === 0) return [];
  if (given.length < PARTS.length)
    return [{ column: PARTS.find((part) => row[part] === '') ?? 'quantity_xem', code: 'parts_incomplete', value: '' }];
  const wrong = PARTS.filter((part) => !shape.test(row[part]));
  if (wrong.length > 0) return wrong.map(malformed);
  return addsUp(row) ? [] : [{ column: 'quantity_xem', code: 'parts_differ', value: row.quantity_xem }];
}

/** Most hold everything in one place, and it is written there as the whole is; only other rows need arithmetic. */
function addsUp(row: RawRow): boolean {
  const [some, ...others] = PARTS.filter((part) => !NOTHING.test(row[part]));
  if (some && others.length === 0 && row[some] === row.quantity_xem) return true;
  return PARTS.reduce((total, part) => total + microXem(row[part]), 0n) === microXem(row.quantity_xem);
}

/** Millionths of a XEM, exact. The text has passed the grammar of quantities. */
export function microXem(quantity: string): bigint {
  const negative = quantity.startsWith('-');
  const [whole = '0', decimals = ''] = quantity.replace('-', '').split('.');
  const micro = BigInt(whole + decimals.padEnd(6, '0'));
  return negative ? -micro : micro;
}
