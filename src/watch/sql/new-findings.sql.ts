import type pg from 'pg';
import type { Finding } from '../finding.js';

/** However much is wrong, a round ends and tells of some of it; the next rounds tell of the rest. */
const MOST_PER_COMPARISON = 100;

/** What a comparison (kind, subject, evidence) finds and nobody was told of before. Locks nothing. */
export async function newFindings(
  client: pg.ClientBase,
  comparison: string,
  params: readonly unknown[],
): Promise<Finding[]> {
  const { rows } = await client.query<Finding>(
    `SELECT kind, subject, evidence FROM (${comparison}) AS found (kind, subject, evidence)
     WHERE NOT EXISTS (SELECT FROM watch_alert a WHERE a.kind = found.kind AND a.subject = found.subject)
     LIMIT ${MOST_PER_COMPARISON}`,
    [...params],
  );
  return rows;
}
