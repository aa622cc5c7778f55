import type { Tx } from '../../platform/database/database.js';
import type { ClaimStatus } from '../../platform/database/prisma.js';

export interface ClaimGroup {
  readonly status: ClaimStatus;
  readonly held: boolean;
  /** A claim for what is owed beyond the first one of its holder. */
  readonly further: boolean;
  readonly count: bigint;
  readonly sumJpy: bigint;
}

/** All claims by state, held or not, in one pass. Locks nothing. */
export function countClaims(tx: Tx): Promise<ClaimGroup[]> {
  return tx.$queryRaw<ClaimGroup[]>`
    SELECT status, held, parent_claim_id IS NOT NULL AS further, count(*) AS count, sum(amount_jpy)::bigint AS "sumJpy"
    FROM claim GROUP BY 1, 2, 3`;
}

/** Rejected claims that a run closed because they round to 0 yen; their decision says so. Locks nothing. */
export async function countBelowOneYen(tx: Tx): Promise<{ readonly count: bigint; readonly sumJpy: bigint }> {
  const [row] = await tx.$queryRaw<{ count: bigint; sumJpy: bigint }[]>`
    SELECT count(*) AS count, coalesce(sum(c.amount_jpy), 0)::bigint AS "sumJpy"
    FROM claim c JOIN claim_decision d ON d.claim_id = c.id AND d.version = c.version
    WHERE c.status = 'rejected' AND d.reason_code = 'below_one_yen'`;
  return row ?? { count: 0n, sumJpy: 0n };
}
