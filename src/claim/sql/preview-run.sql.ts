import type { Tx } from '../../platform/database/database.js';
import { Prisma } from '../../platform/database/prisma.js';
import { matchesFilter, type ClaimFilter } from './claim-filter.sql.js';

export interface RunPreviewRow {
  readonly group: 'payable' | 'below_one_yen' | 'under_review' | 'not_pending' | 'claims_of_staff';
  readonly count: bigint;
  readonly sumJpy: bigint;
}

/**
 * What a filter selects and what it leaves out, and why. Held claims are one group, whatever the hold is.
 * `claims_of_staff` counts, among the payable, those of staff and their relatives.
 */
export function previewRun(tx: Tx, filter: ClaimFilter): Promise<RunPreviewRow[]> {
  return tx.$queryRaw<RunPreviewRow[]>`
    WITH selected AS (SELECT c.id, c.holder_id, c.amount_jpy, c.status, c.held FROM claim c WHERE ${matchesFilter(filter)})
    SELECT CASE WHEN status <> 'pending' THEN 'not_pending' WHEN held THEN 'under_review' WHEN amount_jpy = 0 THEN 'below_one_yen' ELSE 'payable' END AS group,
           count(*) AS count, sum(amount_jpy)::bigint AS "sumJpy"
    FROM selected GROUP BY 1
    UNION ALL
    SELECT 'claims_of_staff', count(*), coalesce(sum(s.amount_jpy), 0)::bigint
    FROM selected s JOIN holder h ON h.id = s.holder_id
    WHERE s.status = 'pending' AND NOT s.held AND h.customer_no IN (SELECT customer_no FROM staff_interest)
    ORDER BY 1`;
}

export interface RunClaimRow {
  readonly claimNo: string;
  readonly customerNo: string;
  readonly amountJpy: bigint;
}

/** The ten largest that a filter would approve now. */
export function tenLargest(tx: Tx, filter: ClaimFilter): Promise<RunClaimRow[]> {
  return tx.$queryRaw<RunClaimRow[]>`
    SELECT c.claim_no AS "claimNo", h.customer_no AS "customerNo", c.amount_jpy AS "amountJpy"
    FROM claim c JOIN holder h ON h.id = c.holder_id
    WHERE c.status = 'pending' AND NOT c.held AND ${matchesFilter(filter)}
    ORDER BY c.amount_jpy DESC, c.id LIMIT 10`;
}

export interface AmountClass {
  readonly fromJpy: string;
  readonly count: bigint;
  readonly sumJpy: bigint;
}

/** How the amounts are spread: one row for each power of ten that occurs. */
export function distribution(tx: Tx, filter: ClaimFilter): Promise<AmountClass[]> {
  return tx.$queryRaw<AmountClass[]>`
    SELECT (10::numeric ^ (length(c.amount_jpy::text) - 1))::bigint::text AS "fromJpy", count(*) AS count, sum(c.amount_jpy)::bigint AS "sumJpy"
    FROM claim c
    WHERE c.status = 'pending' AND NOT c.held AND c.amount_jpy > 0 AND ${matchesFilter(filter)}
    GROUP BY length(c.amount_jpy::text) ORDER BY length(c.amount_jpy::text)`;
}

/** Notes on the holds of this filter's claims that a run has left them out because of it. A handful of rows. */
export function markHoldsMet(tx: Tx, filter: ClaimFilter): Promise<number> {
  return tx.$executeRaw(Prisma.sql`
    UPDATE claim_hold x SET met_at = now()
    FROM claim c
    WHERE c.id = x.claim_id AND x.status = 'active' AND x.met_at IS NULL AND c.status = 'pending' AND ${matchesFilter(filter)}`);
}
