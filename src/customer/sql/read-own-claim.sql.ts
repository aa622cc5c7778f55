import type { Pool } from 'pg';
import type { AccountStatus, HolderKind, IdentityStatus } from '../../platform/database/prisma.js';
import type { ClaimState } from '../../claim/claim.state.js';
import type { RoundingRule } from '../../rate/rate.amount.js';

/** Quantities in XEM with six decimals, amounts in yen, times in ISO 8601; all as text, as the database has them. */
export interface OwnClaimRow {
  readonly holder_id: string;
  readonly customer_no: string;
  readonly kind: HolderKind;
  readonly country: string;
  readonly account_status: AccountStatus;
  readonly identity_status: IdentityStatus;
  readonly as_of: string | null;
  readonly quantity_xem: string | null;
  readonly available_xem: string | null;
  readonly in_order_xem: string | null;
  readonly lent_xem: string | null;
  readonly in_transit_xem: string | null;
  readonly excluded: boolean | null;
  readonly claim_no: string | null;
  readonly status: ClaimState | null;
  readonly price_jpy_per_xem: string | null;
  readonly rounding_rule: RoundingRule | null;
  readonly amount_jpy: string | null;
  readonly opened_at: string | null;
  readonly in_batch_at: string | null;
  readonly rejected_at: string | null;
  readonly posting_date: string | null;
  readonly label: string | null;
  readonly credited_at: string | null;
}

const iso = (column: string) => `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')`;

/**
 * Customers' own records, by primary key and unique indexes, in one statement and so at one instant: `credited` and the
 * transfer are seen together or not at all. Batches that let the claim go again are found by their own partial index.
 * Held or not is not even read. Locks nothing.
 */
export const READ_OWN_CLAIMS = `
  SELECT h.id AS holder_id, h.customer_no, h.kind, h.country, h.account_status, h.identity_status,
         ${iso('b.as_of')} AS as_of, b.quantity_xem::text, b.available_xem::text, b.in_order_xem::text, b.lent_xem::text,
         b.in_transit_xem::text, b.excluded_reason IS NOT NULL AS excluded,
         c.claim_no, c.status, c.price_jpy_per_xem::text, c.rounding_rule, c.amount_jpy::text, ${iso('c.created_at')} AS opened_at,
         ${iso('batch.approved_at')} AS in_batch_at, ${iso('rejection.decided_at')} AS rejected_at,
         t.posting_date::text, t.label, ${iso('t.created_at')} AS credited_at
  FROM holder h
  LEFT JOIN LATERAL (
    SELECT f.*, snapshot.as_of FROM frozen_balance f JOIN snapshot ON snapshot.id = f.snapshot_id AND snapshot.status = 'sealed'
    WHERE f.holder_id = h.id ORDER BY f.excluded_reason IS NOT NULL, f.id LIMIT 1) AS b ON true
  LEFT JOIN claim c ON c.holder_id = h.id AND c.parent_claim_id IS NULL
  LEFT JOIN ledger_transfer t ON t.kind = 'credit' AND t.reference_id = c.id
  LEFT JOIN LATERAL (
    SELECT min(x.approved_at) AS approved_at FROM credit_batch x WHERE x.approved_at IS NOT NULL AND x.id IN (
      SELECT i.batch_id FROM credit_batch_item i WHERE i.claim_id = c.id AND i.skip_reason IS NULL
      UNION ALL
      SELECT i.batch_id FROM credit_batch_item i WHERE i.claim_id = c.id AND i.skip_reason IS NOT NULL)) AS batch ON true
  LEFT JOIN LATERAL (
    SELECT d.decided_at FROM claim_decision d WHERE c.status = 'rejected' AND d.claim_id = c.id AND d.version = c.version) AS rejection ON true
  WHERE h.id = `;

/** Over all that the row says: it changes with whatever the customer is told, and with nothing else of the database. */
const VERSION = `encode(sha256(convert_to(record::text, 'UTF8')), 'base64')`;

export interface VersionedClaimRow extends OwnClaimRow {
  readonly version: string;
}

/** The record of each of these holders, in their order. */
export function readOwnClaims(statements: Pool, holderIds: readonly bigint[]): Promise<(VersionedClaimRow | null)[]> {
  return readRecords<VersionedClaimRow>(statements, holderIds, 'read-own-claims', 'record.*');
}

/** Only the version of each, which is little to send and nothing to read. */
export async function readOwnClaimVersions(statements: Pool, holderIds: readonly bigint[]): Promise<(string | null)[]> {
  const rows = await readRecords<Pick<VersionedClaimRow, 'holder_id' | 'version'>>(
    statements,
    holderIds,
    'read-own-claim-versions',
    'record.holder_id',
  );
  return rows.map((row) => row && row.version);
}

async function readRecords<Row extends { readonly holder_id: string }>(
  statements: Pool,
  holderIds: readonly bigint[],
  name: string,
  columns: string,
): Promise<(Row | null)[]> {
  const { rows } = await statements.query<Row>({
    name,
    text: `SELECT ${columns}, ${VERSION} AS version FROM (${READ_OWN_CLAIMS} ANY($1::bigint[])) AS record`,
    values: [holderIds],
  });
  const records = new Map(rows.map((row) => [row.holder_id, row]));
  return holderIds.map((holderId) => records.get(holderId.toString()) ?? null);
}
