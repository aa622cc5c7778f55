import type { Tx } from '../../platform/database/database.js';
import { Prisma } from '../../platform/database/prisma.js';
import { matchesFilter, type ClaimFilter } from '../../claim/sql/claim-filter.sql.js';

/** Which claims a batch means; all conditions together, none means all approved ones. */
export interface CreditBatchFilter extends ClaimFilter {
  /** Only so many of them, evenly over all sizes. */
  readonly sampleSize?: number;
}

/**
 * Reserves for a draft every claim that the filter selects, that is approved, not held, worth at least one yen and in no
 * other live batch; items are numbered in the order of claim ids, the order in which chunks will lock them.
 *
 * Locks nothing: of two drafts at the same time the unique index gives each claim to one, and the other waits for its
 * commit and goes without. A claim that is held or withdrawn meanwhile is skipped when its turn comes.
 */
export async function reserveClaims(tx: Tx, batchId: bigint, filter: CreditBatchFilter): Promise<void> {
  await tx.$executeRaw`
    WITH eligible AS (
      SELECT c.id, c.wallet_account_id, c.amount_jpy FROM claim c
      WHERE c.status = 'approved' AND NOT c.held AND c.amount_jpy > 0 AND ${matchesFilter(filter)}
        AND NOT EXISTS (SELECT FROM credit_batch_item i WHERE i.claim_id = c.id AND i.skip_reason IS NULL)
    ), chosen AS (${filter.sampleSize === undefined ? Prisma.sql`SELECT * FROM eligible` : sampleOf(filter.sampleSize)})
    INSERT INTO credit_batch_item (batch_id, seq, claim_id, wallet_account_id, amount_jpy)
    SELECT ${batchId}, row_number() OVER (ORDER BY id), id, wallet_account_id, amount_jpy FROM chosen ORDER BY id
    ON CONFLICT (claim_id) WHERE skip_reason IS NULL DO NOTHING`;
}

/** Evenly over the order of amounts, the smallest and the largest included: the same claims give the same sample. */
function sampleOf(size: number): Prisma.Sql {
  return Prisma.sql`
    SELECT id, wallet_account_id, amount_jpy
    FROM (SELECT e.*, row_number() OVER (ORDER BY amount_jpy, id) AS rank FROM eligible e) AS ranked
    WHERE rank IN (SELECT 1 + (step * (total - 1)) / greatest(${size}::bigint - 1, 1)
                   FROM (SELECT count(*) AS total FROM eligible) AS counted, generate_series(0, ${size}::bigint - 1) AS step)`;
}

/** Notes on the holds of claims that this filter would have selected that a batch has left them out. A handful of rows. */
export async function markHoldsMet(tx: Tx, filter: CreditBatchFilter): Promise<void> {
  await tx.$executeRaw`
    UPDATE claim_hold h SET met_at = now() FROM claim c
    WHERE c.id = h.claim_id AND h.status = 'active' AND h.met_at IS NULL AND c.status = 'approved' AND c.held AND ${matchesFilter(filter)}`;
}
