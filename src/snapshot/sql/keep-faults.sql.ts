import type { PoolClient } from 'pg';

/** Nobody corrects more by hand; the counts tell how many there are. */
export const KEPT_FAULTS = 10_000;

export interface FaultCounts {
  readonly total: bigint;
  /** Number of faults by code; null when there are none. */
  readonly byCode: Readonly<Record<string, number>> | null;
}

/** Keeps the first faults of the file, in its order, for those who correct it, and counts all of them. */
export async function keepFaults(client: PoolClient, snapshotId: string): Promise<FaultCounts> {
  await client.query(
    `INSERT INTO snapshot_row_error (snapshot_id, part, line_no, column_name, value, code)
     SELECT $1, part, line_no, column_name, value, code FROM fault
     ORDER BY line_no NULLS FIRST, part DESC, column_name, code LIMIT ${KEPT_FAULTS}`,
    [snapshotId],
  );
  const { rows } = await client.query<{ total: string; byCode: Record<string, number> | null }>(`
    SELECT coalesce(sum(number), 0)::text AS total, jsonb_object_agg(code, number ORDER BY code) AS "byCode"
    FROM (SELECT code, count(*) AS number FROM fault GROUP BY code) AS counted`);
  return { total: BigInt(rows[0]?.total ?? 0), byCode: rows[0]?.byCode ?? null };
}
