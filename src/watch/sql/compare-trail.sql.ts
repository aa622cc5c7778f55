import type pg from 'pg';
import type { Finding } from '../finding.js';

/** The trail only grows: has an event that was seen as the newest gone? Answers the newest one now. */
export async function compareTrail(
  client: pg.ClientBase,
  headId: bigint,
): Promise<{ readonly headId: bigint; readonly findings: Finding[] }> {
  const { rows } = await client.query<{ head: string }>('SELECT coalesce(max(id), 0) AS head FROM audit_event');
  const now = BigInt(rows[0]?.head ?? 0);
  if (now >= headId) return { headId: now, findings: [] };
  const evidence = { seenEventId: headId.toString(), newestEventId: now.toString() };
  return { headId: now, findings: [{ kind: 'audit_trail_shrank', subject: `event:${headId}`, evidence }] };
}
