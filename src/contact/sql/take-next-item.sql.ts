import type { Tx } from '../../platform/database/database.js';
import type { WorkItemKind } from '../../platform/database/prisma.js';
import { SILENCE_MINUTES } from '../work-item.state.js';

/**
 * Puts into this person's hands the item that is due first, or says again which one they have. Items that others are about
 * to take are skipped, so nobody waits and nobody gets the same; items about the person or a relative are for others. Locks
 * the item. The caller makes one person's calls take turns.
 */
export async function takeNextItem(tx: Tx, staffId: string, kinds: readonly WorkItemKind[]): Promise<bigint | null> {
  const [row] = await tx.$queryRaw<{ id: bigint }[]>`
    WITH in_hand AS (
      SELECT id FROM work_item WHERE taken_by = ${staffId}::uuid AND status = 'taken'
    ), waiting AS MATERIALIZED (
      SELECT w.id FROM work_item w
      WHERE NOT EXISTS (SELECT FROM in_hand) AND w.status <> 'done' AND w.kind = ANY (${kinds}::work_item_kind[])
        AND w.due_on <= (now() AT TIME ZONE 'Asia/Tokyo')::date
        AND (w.status = 'open' OR w.touched_at < now() - make_interval(mins => ${SILENCE_MINUTES}))
        AND NOT EXISTS (SELECT FROM holder h JOIN staff_interest i ON i.customer_no = h.customer_no
                        WHERE h.id = w.holder_id AND i.staff_id = ${staffId}::uuid)
      ORDER BY w.due_on, w.id LIMIT 1 FOR NO KEY UPDATE OF w SKIP LOCKED
    )
    UPDATE work_item w SET status = 'taken', taken_by = ${staffId}::uuid, taken_at = coalesce(w.taken_at, now()), touched_at = clock_timestamp()
    FROM (SELECT id FROM in_hand UNION ALL SELECT id FROM waiting) AS chosen
    WHERE w.id = chosen.id
    RETURNING w.id`;
  return row?.id ?? null;
}
