import { PERSON_COLUMNS } from '../holder/person-columns.js';

/** The columns of the export, in their order. All must be there, once, under these names. */
export const HOLDER_COLUMNS = [
  ...PERSON_COLUMNS,
  'available_xem',
  'in_order_xem',
  'lent_xem',
  'in_transit_xem',
  'quantity_xem',
] as const;
export type HolderColumn = (typeof HOLDER_COLUMNS)[number];

/** `text` may be left out. */
export const EXCLUSION_COLUMNS = ['customer_no', 'reason', 'text'] as const;
export const EXCLUSION_REASONS = ['company_owned', 'test', 'zero', 'negative', 'other'] as const;
export type ExclusionReason = (typeof EXCLUSION_REASONS)[number];
