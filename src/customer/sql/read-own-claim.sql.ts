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

/**
 * Customers' own records, by primary key and unique indexes, in one statement and so at one instant: `credited` and the
 * transfer are seen together or not at all. Batches that let the claim go again are found by their own partial index.
 * Held or not is not even read. Locks nothing.
 */
const RECORDS = `
  SELECT h.id AS holder_id, h.customer_no, h.kind, h.country, h.account_status, h.identity_status,
         b.as_of, b.quantity_xem, b.available_xem, b.in_order_xem, b.lent_xem, b.in_transit_xem, b.excluded_reason IS NOT NULL AS excluded,
         c.claim_no, c.status, c.price_jpy_per_xem, c.rounding_rule, c.amount_jpy, c.created_at AS opened_at,
         batch.approved_at AS in_batch_at, rejection.decided_at AS rejected_at,
         t.posting_date, t.label, t.created_at AS credited_at
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

const iso = (column: string) => `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS ${column}`;

/** As text, whatever a client would make of the values. */
const SHOWN = `
  holder_id, customer_no, kind, country, account_status, identity_status,
  ${iso('as_of')}, quantity_xem::text, available_xem::text, in_order_xem::text, lent_xem::text, in_transit_xem::text, excluded,
  claim_no, status, price_jpy_per_xem::text, rounding_rule, amount_jpy::text, ${iso('opened_at')},
  ${iso('in_batch_at')}, ${iso('rejected_at')}, posting_date::text, label, ${iso('credited_at')}`;

/** The records of the holders whose ids `which` is or holds. */
export const ownClaims = (which: string): string => `SELECT ${SHOWN} FROM (${RECORDS} ${which}) AS record`;

/**
 * Over all that the record holds, before anything is made text of it: it changes with whatever the customer is told, and
 * costs a fraction of the answer. Twelve bytes are enough for what one customer's browser compares with its own last answer.
 */
const VERSION = `encode(substr(sha256(record_send(record)), 1, 12), 'base64')`;

/** The same version of the record of one holder, whose id is `whose`; null without such a holder. */
export const ownClaimVersion = (whose: string): string => `(SELECT ${VERSION} FROM (${RECORDS} ${whose}) AS record)`;

export interface VersionedClaimRow extends OwnClaimRow {
  readonly version: string;
}

/** The record of each of these holders, in their order. */
export async function readOwnClaims(
  statements: Pool,
  holderIds: readonly bigint[],
): Promise<(VersionedClaimRow | null)[]> {
  const { rows } = await statements.query<VersionedClaimRow>({
    name: 'read-own-claims',
    text: `SELECT ${SHOWN}, ${VERSION} AS version FROM (${RECORDS} ANY($1::bigint[])) AS record`,
    values: [holderIds],
  });
  const records = new Map(rows.map((row) => [row.holder_id, row]));
  return holderIds.map((holderId) => records.get(holderId.toString()) ?? null);
}
