import type { Tx } from '../../platform/database/database.js';

/**
 * The newest notes about a holder that somebody still has to come back to, at most `limit`: their follow-up is in the work queue,
 * or for compliance, whose notes are in no queue, the note itself says so. Probes the notes of one holder. Locks nothing.
 */
export async function findOpenNotes(tx: Tx, holderId: bigint, role: string, limit: number): Promise<bigint[]> {
  const rows = await tx.$queryRaw<{ id: bigint }[]>`
    SELECT n.id FROM note n
    WHERE n.holder_id = ${holderId} AND CASE WHEN n.confidential
      THEN ${role} = 'compliance' AND (SELECT v.follow_up_on FROM note_version v WHERE v.note_id = n.id ORDER BY v.version DESC LIMIT 1) IS NOT NULL
      ELSE EXISTS (SELECT FROM work_item w WHERE w.kind = 'follow_up' AND w.dedupe_key = 'note:' || n.id AND w.status <> 'done') END
    ORDER BY n.id DESC LIMIT ${limit}`;
  return rows.map(({ id }) => id);
}
