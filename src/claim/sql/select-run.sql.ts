import type { Tx } from '../../platform/database/database.js';
import { Prisma } from '../../platform/database/prisma.js';
import { matchesFilter, type ClaimFilter } from './claim-filter.sql.js';

export interface RunSelection {
  /** int8multirange as text; null when nothing matches. */
  readonly claimIds: string | null;
  readonly count: bigint;
  readonly totalJpy: bigint;
  readonly belowOneYenCount: bigint;
  /** SHA-256 over id, amount and rate of each member in order; null when nothing matches. */
  readonly digest: string | null;
}

/** Eight bytes for the id, eight for the amount, sixteen for the rate: as unambiguous as text, and half the work. */
const DIGEST = Prisma.sql`
  encode(sha256(string_agg(int8send(c.id) || int8send(c.amount_jpy) || uuid_send(c.rate_id), ''::bytea ORDER BY c.id)), 'hex')`;

/** The claims that a run over this filter would decide now: pending and not held. Reads one instant, locks nothing. */
export async function selectRun(tx: Tx, filter: ClaimFilter): Promise<RunSelection> {
  const [row] = await tx.$queryRaw<[RunSelection]>`
    SELECT range_agg(int8range(c.id, c.id, '[]'))::text AS "claimIds", count(*) AS count, coalesce(sum(c.amount_jpy), 0)::bigint AS "totalJpy",
           count(*) FILTER (WHERE c.amount_jpy = 0) AS "belowOneYenCount",
           ${DIGEST} AS digest
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

/**
 * The same digest over the members of a stored run, whatever became of them: amounts and rates must not have changed. Each range
 * is walked through the index by itself; joined, each claim might be compared with each of thousands of ranges.
 */
export async function digestRun(tx: Tx, runId: bigint): Promise<string | null> {
  const [row] = await tx.$queryRaw<{ digest: string | null }[]>`
    SELECT ${DIGEST} AS digest
    FROM (SELECT unnest(claim_ids) AS ids FROM approval_run WHERE id = ${runId} AND status = 'proposed') AS members
    CROSS JOIN LATERAL (
      SELECT id, amount_jpy, rate_id FROM claim WHERE id >= lower(ids) AND id < upper(ids) ORDER BY id OFFSET 0) AS c`;
  return row?.digest ?? null;
}
