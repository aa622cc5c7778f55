/** What the balance was made of; given together or not at all. */
export const PART_COLUMNS = ['available_xem', 'in_order_xem', 'lent_xem', 'in_transit_xem'] as const;

/** The columns of the export; a header names each once, in any order. */
export const ROW_COLUMNS = [
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
  ...PART_COLUMNS,
  'quantity_xem',
] as const;

/** The columns of the exclusion list; `text` may be left out. */
export const EXCLUSION_COLUMNS = ['customer_no', 'reason', 'text'] as const;

/** Values of these columns are masked wherever an error is shown. */
export const PERSONAL_COLUMNS: readonly string[] = ['name', 'name_kana', 'email', 'phone', 'birth_date'];

/** The two files of an upload. */
export type Part = 'rows' | 'exclusions';

export const PART_LAYOUT: Readonly<
  Record<Part, { readonly columns: readonly string[]; readonly optional: readonly string[] }>
> = {
  rows: { columns: ROW_COLUMNS, optional: PART_COLUMNS },
  exclusions: { columns: EXCLUSION_COLUMNS, optional: ['text'] },
};

export interface HeaderFlaw {
  readonly code: 'header_missing' | 'header_unknown' | 'header_doubled' | 'header_lacks';
  /** The columns that are unknown, doubled or lacking; all that are expected when there is no header at all. */
  readonly columns: readonly string[];
}

/** What is wrong with the header of a file, or null. Optional columns come together or not at all. */
export function headerFlaw(header: readonly string[], part: Part): HeaderFlaw | null {
  const { columns, optional } = PART_LAYOUT[part];
  if (!header.some((column) => columns.includes(column))) return { code: 'header_missing', columns };
  const unknown = header.filter((column) => !columns.includes(column));
  if (unknown.length > 0) return { code: 'header_unknown', columns: unknown.slice(0, 20).map(shown) };
  const doubled = header.filter((column, index) => header.indexOf(column) !== index);
  if (doubled.length > 0) return { code: 'header_doubled', columns: [...new Set(doubled)] };
  const leftOut = optional.every((column) => !header.includes(column)) ? optional : [];
  const lacking = columns.filter((column) => !header.includes(column) && !leftOut.includes(column));
  return lacking.length > 0 ? { code: 'header_lacks', columns: lacking } : null;
}

/** An unknown column may be anything, a whole row too when the header is missing; people need its beginning. */
function shown(column: string): string {
  return column === '' ? '(blank)' : column.slice(0, 40);
}
