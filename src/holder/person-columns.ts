/** What a master file says of a person or company. */
export const PERSON_COLUMNS = [
  'customer_no',
  'kind',
  'name',
  'name_kana',
  'email',
  'phone',
  'birth_date',
  'country',
  'language',
  'account_status',
  'identity_status',
] as const;
export type PersonColumn = (typeof PERSON_COLUMNS)[number];

/** Values of these columns are masked wherever an error is shown. */
export const PERSONAL_COLUMNS: ReadonlySet<string> = new Set(['name', 'name_kana', 'email', 'phone', 'birth_date']);

export type HeaderFlaw = {
  readonly code: 'header_missing' | 'header_unknown' | 'header_doubled' | 'header_lacks';
  readonly columns: readonly string[];
};

/** What is wrong with a header, or null. */
export function headerFlaw(
  header: readonly string[],
  known: readonly string[],
  optional: readonly string[] = [],
): HeaderFlaw | null {
  const overlap = header.filter((column) => known.includes(column));
  if (overlap.length === 0) return { code: 'header_missing', columns: known };
  const unknown = header.filter((column) => !known.includes(column));
  if (unknown.length > 0) return { code: 'header_unknown', columns: unknown.map((column) => column.slice(0, 60)) };
  const doubled = overlap.filter((column, index) => overlap.indexOf(column) !== index);
  if (doubled.length > 0) return { code: 'header_doubled', columns: doubled };
  const lacking = known.filter((column) => !header.includes(column) && !optional.includes(column));
  return lacking.length > 0 ? { code: 'header_lacks', columns: lacking } : null;
}
