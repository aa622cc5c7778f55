import type { Tx } from '../../platform/database/database.js';

/** All claims at one instant: how many there were, and the oldest transaction that was not over. */
export interface ClaimsMark {
  readonly claims: bigint;
  readonly oldestXid: bigint;
}

/** To be taken before what is to be kept is read: what is written in between then counts as written since. Locks nothing. */
export async function markClaims(tx: Tx): Promise<ClaimsMark> {
  const [row] = await tx.$queryRaw<[ClaimsMark]>`
    SELECT count(*) AS claims, pg_snapshot_xmin(pg_current_snapshot())::text::bigint AS "oldestXid" FROM claim`;
  return row;
}

/**
 * Are all claims as they were, none added, written or removed since? Each row names the transaction that wrote it, so one pass over
 * the table tells, and no trigger has to have seen the change. One that was under way at the mark may be taken for a later one:
 * then what was kept is worked out anew for nothing.
 */
export async function claimsUnchangedSince(tx: Tx, { claims, oldestXid }: ClaimsMark): Promise<boolean> {
  const [row] = await tx.$queryRaw<[{ unchanged: boolean }]>`
    SELECT count(*) = ${claims} AND count(*) FILTER (WHERE age(c.xmin) <= (SELECT age(${oldestXid.toString()}::xid8::xid))) = 0 AS unchanged
    FROM claim c`;
  return row.unchanged;
}
