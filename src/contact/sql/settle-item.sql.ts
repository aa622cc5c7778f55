import type { Tx } from '../../platform/database/database.js';
import type { WorkItemKind } from '../../platform/database/prisma.js';

/** Finishes the open item with this key, whoever has it in hand; null if there is none. Locks it. */
export async function settleItem(tx: Tx, kind: WorkItemKind, dedupeKey: string): Promise<bigint | null> {
  const [row] = await tx.$queryRaw<{ id: bigint }[]>`
    UPDATE work_item SET status = 'done', outcome = 'settled_elsewhere', done_at = now()
    WHERE kind = ${kind}::work_item_kind AND dedupe_key = ${dedupeKey} AND status <> 'done'
    RETURNING id`;
  return row?.id ?? null;
}
