import type { Tx } from '../../platform/database/database.js';
import { Prisma } from '../../platform/database/prisma.js';
import { matchesFilter, type ClaimFilter } from './claim-filter.sql.js';

export interface RunSelection {
  /** int8multirange as text; null when nothing matches. */
  readonly claimIds: string | null;
  readonly count: bigint;
  readonly totalJpy: bigint;
  readonly belowOneYenCount: bigint;
  /** SHA-256 over id, amount and rate of each member in order. */
  readonly digest: string;
}

/** The claims that a run over this filter would decide now: pending and not held. Reads one instant, locks nothing. */
export async function selectRun(tx: Tx, filter: ClaimFilter): Promise<RunSelection> {
  const [row] = await tx.$queryRaw<[RunSelection]>`
    SELECT range_agg(int8range(c.id, c.id, '[]'))::text AS "claimIds", count(*) AS count, coalesce(sum(c.amount_jpy), 0)::bigint AS "totalJpy",
           count(*) FILTER (WHERE c.amount_jpy = 0) AS "belowOneYenCount",
           encode(sha256(convert_to(coalesce(string_agg(c.id || ':' || c.amount_jpy || ':' || c.rate_id, E'\n' ORDER BY c.id), ''), 'UTF8')), 'hex') AS digest
    FROM claim c
    WHERE c.status = 'pending' AND NOT c.held AND ${matchesFilter(filter)}`;
  return row;
}

/**
 * The members of a run as one value. A run has as many ranges as there are gaps between its claims, and each claim is looked
 * up in them by halving. Adding nothing makes the value whole in memory: as stored it would be unpacked once for each claim.
 */
export function membersOf(runId: bigint): Prisma.Sql {
  return Prisma.sql`SELECT claim_ids + '{}'::int8multirange AS claim_ids FROM approval_run WHERE id = ${runId}`;
}

/** The same digest over the members of a stored run, whatever became of them: amounts and rates must not have changed. */
export async function digestRun(tx: Tx, runId: bigint): Promise<string | null> {
  const [row] = await tx.$queryRaw<{ digest: string | null }[]>`
    WITH asked AS MATERIALIZED (${membersOf(runId)} AND status = 'proposed')
    SELECT encode(sha256(convert_to(string_agg(c.id || ':' || c.amount_jpy || ':' || c.rate_id, E'\n' ORDER BY c.id), 'UTF8')), 'hex') AS digest
    FROM claim c
    WHERE c.id <@ (SELECT claim_ids FROM asked)`;
  return row?.digest ?? null;
}
