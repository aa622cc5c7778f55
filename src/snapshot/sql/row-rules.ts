import { PART_COLUMNS } from '../columns.js';
import type { RowErrorCode } from '../row-errors.js';

/** A condition in SQL on a judged row (see judge-rows.sql.ts) under which a value is wrong. */
export interface RowRule {
  readonly column: string;
  readonly code: RowErrorCode;
  readonly wrongIf: string;
}

/** The name under which a judged row carries the number behind a text column; null when the text is no number. */
export const numberOf = (column: string): string => `${column}_number`;

/** Control characters without line breaks and tabs, which may stand in quoted values, and what stands for undecodable bytes. */
const NOT_TEXT = '\\x01-\\x08\\x0b\\x0c\\x0e-\\x1f\\x7f-\\x9f\\u2400\\ufffd';

/** A pattern for values that no person could have typed. */
export const UNPRINTABLE = `'[${NOT_TEXT}]'`;

/**
 * What is right, stated as what is wrong. No pattern repeats a bounded number of times: PostgreSQL takes ten times as long
 * for those, so lengths are compared beside the pattern. A condition that comes out null counts as not met.
 */
export const ROW_RULES: readonly RowRule[] = [
  rule('customer_no', 'value_missing', 'customer_no IS NULL'),
  rule(
    'customer_no',
    'customer_no_malformed',
    `customer_no !~ '^[A-Za-z0-9][A-Za-z0-9_-]*$' OR octet_length(customer_no) > 32`,
  ),
  ...oneOf('kind', ['individual', 'corporate']),
  ...oneOf('language', ['ja', 'en']),
  ...oneOf('account_status', ['open', 'restricted', 'closed', 'deceased']),
  ...oneOf('identity_status', ['none', 'submitted', 'returned', 'verified']),
  ...['name', 'name_kana'].flatMap((column) => [
    rule(column, 'control_character', `${column} ~ ${UNPRINTABLE}`),
    rule(column, 'too_long', `octet_length(${column}) > 600`),
  ]),
  ...['name', 'name_kana', 'phone'].map((column) =>
    rule(column, 'missing_while_verified', `identity_status = 'verified' AND ${column} IS NULL`),
  ),
  // A company has no birth date.
  rule(
    'birth_date',
    'missing_while_verified',
    `identity_status = 'verified' AND kind = 'individual' AND birth_date IS NULL`,
  ),
  rule('email', 'value_missing', 'email IS NULL'),
  rule('email', 'email_malformed', `email !~ '^[^@\\s${NOT_TEXT}]+@[^@\\s${NOT_TEXT}]+$' OR octet_length(email) > 254`),
  rule('phone', 'phone_malformed', `phone !~ '^[+]?[0-9][0-9 ()-]*$' OR octet_length(phone) NOT BETWEEN 6 AND 25`),
  // What PostgreSQL reads as a day and writes in the same way again is YYYY-MM-DD.
  rule(
    'birth_date',
    'date_malformed',
    `CASE WHEN pg_input_is_valid(birth_date, 'date')
          THEN birth_date::date::text <> birth_date OR birth_date::date NOT BETWEEN '1868-01-01' AND (SELECT current_date)
          ELSE birth_date IS NOT NULL END`,
  ),
  rule('country', 'value_missing', 'country IS NULL'),
  rule('country', 'country_malformed', `country !~ '^[A-Z][A-Z]$'`),
  rule('quantity_xem', 'value_missing', 'quantity_xem IS NULL'),
  ...quantity('quantity_xem'),
  rule('quantity_xem', 'quantity_not_positive', `NOT excluded AND ${numberOf('quantity_xem')} <= 0`),
  ...PART_COLUMNS.flatMap((column) => [
    ...quantity(column),
    rule(column, 'part_negative', `NOT excluded AND ${numberOf(column)} < 0`),
    rule(column, 'parts_incomplete', `${column} IS NULL AND num_nonnulls(${PART_COLUMNS.join(', ')}) > 0`),
  ]),
  rule('quantity_xem', 'parts_differ', `${PART_COLUMNS.map(numberOf).join(' + ')} <> ${numberOf('quantity_xem')}`),
  rule(
    'quantity_xem',
    'exclusion_contradicts',
    `(reason = 'zero' AND ${numberOf('quantity_xem')} <> 0) OR (reason = 'negative' AND ${numberOf('quantity_xem')} >= 0)`,
  ),
];

function rule(column: string, code: RowErrorCode, wrongIf: string): RowRule {
  return { column, code, wrongIf };
}

function oneOf(column: string, values: readonly string[]): RowRule[] {
  const list = values.map((value) => `'${value}'`).join(', ');
  return [
    rule(column, 'value_missing', `${column} IS NULL`),
    rule(column, 'value_unknown', `${column} NOT IN (${list})`),
  ];
}

/** Decimals are counted as they are written: 1.0000000 claims a precision that XEM does not have. */
function quantity(column: string): RowRule[] {
  const number = numberOf(column);
  return [
    rule(column, 'quantity_malformed', `${column} IS NOT NULL AND ${number} IS NULL`),
    rule(column, 'quantity_decimals', `scale(${number}) > 6`),
    // Short texts need not be compared as numbers.
    rule(column, 'quantity_too_large', `octet_length(${column}) > 14 AND abs(${number}) >= 100000000000000`),
  ];
}
