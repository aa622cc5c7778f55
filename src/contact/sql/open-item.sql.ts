import type { Tx } from '../../platform/database/database.js';
import type { WorkItemKind } from '../../platform/database/prisma.js';

export interface NewWorkItem {
  readonly kind: WorkItemKind;
  /** Whom it is about; null if nobody who is known here. */
  readonly holderId: bigint | null;
  /** What it is about; opaque here, and no personal data. */
  readonly subjectType: string;
  readonly subjectId: string;
  /** Day in Japan, `YYYY-MM-DD`, before which nobody needs to look at it. */
  readonly dueOn: string;
  /** Items with one key are the same thing to do. Without it the subject is the key. */
  readonly dedupeKey?: string;
}

export interface OpenedItem {
  readonly id: bigint;
  readonly isNew: boolean;
}

/**
 * Opens an item, or finds the open one with the same key, which then is due on the earlier of both days. Waits for whoever
 * opens or finishes an item with this key now, so that what is found is open.
 */
export async function openItem(tx: Tx, item: NewWorkItem & { readonly dedupeKey: string }): Promise<OpenedItem> {
  const { kind, holderId, subjectType, subjectId, dedupeKey, dueOn } = item;
  const [row] = await tx.$queryRaw<OpenedItem[]>`
    INSERT INTO work_item AS known (kind, holder_id, subject_type, subject_id, dedupe_key, due_on)
    VALUES (${kind}::work_item_kind, ${holderId}::bigint, ${subjectType}, ${subjectId}, ${dedupeKey}, ${dueOn}::date)
    ON CONFLICT (kind, dedupe_key) WHERE status <> 'done' DO UPDATE SET due_on = least(known.due_on, EXCLUDED.due_on)
    RETURNING known.id, known.xmax = 0 AS "isNew"`;
  if (!row) throw new Error('opening a work item answered no row');
  return row;
}
