import type { PoolClient } from 'pg';

const DESCRIPTION = [
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

/** Columns whose type is not text. */
const TYPES: Readonly<Partial<Record<(typeof DESCRIPTION)[number], string>>> = {
  kind: 'holder_kind',
  birth_date: 'date',
  language: 'holder_language',
  account_status: 'account_status',
  identity_status: 'identity_status',
};
const STAGED = DESCRIPTION.map((column) => `r.${column}${TYPES[column] ? `::${TYPES[column]}` : ''}`).join(', ');

/**
 * Makes the holders of the staged rows what the rows say, and freezes their balances, in the order of the file. Called when
 * every row is right, so no cast fails, and none of these customers is sealed: whoever is here already comes from an upload
 * that never was. Locks the holders that it changes. The caller lets one import run at a time, so two of them never insert
 * the same customer.
 */
export async function writeBalances(client: PoolClient, snapshotId: string): Promise<void> {
  await client.query(`
    UPDATE holder h SET (${DESCRIPTION.join(', ')}) = ROW (${STAGED})
    FROM staged_row r
    WHERE h.customer_no = r.customer_no
      AND (${DESCRIPTION.map((column) => `h.${column}`).join(', ')}) IS DISTINCT FROM (${STAGED})`);
  await client.query(`
    INSERT INTO holder (customer_no, ${DESCRIPTION.join(', ')})
    SELECT r.customer_no, ${STAGED}
    FROM staged_row r
    WHERE NOT EXISTS (SELECT FROM holder h WHERE h.customer_no = r.customer_no)
    ORDER BY r.line_no`);
  await client.query(
    `INSERT INTO frozen_balance (snapshot_id, holder_id, line_no, available_xem, in_order_xem, lent_xem, in_transit_xem, quantity_xem,
       excluded_reason, excluded_text)
     SELECT $1, h.id, r.line_no, r.available_xem::numeric, r.in_order_xem::numeric, r.lent_xem::numeric, r.in_transit_xem::numeric,
            r.quantity_xem::numeric, x.reason::exclusion_reason, x.text
     FROM staged_row r
     JOIN holder h ON h.customer_no = r.customer_no
     LEFT JOIN staged_exclusion x ON x.customer_no = r.customer_no
     ORDER BY r.line_no`,
    [snapshotId],
  );
}
