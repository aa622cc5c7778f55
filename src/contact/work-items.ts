import { Injectable } from '@nestjs/common';
import { Audit, type AuditContext } from '../audit/audit.js';
import type { Tx } from '../platform/database/database.js';
import type { WorkItemKind } from '../platform/database/prisma.js';
import { openItem } from './sql/open-item.sql.js';
import { settleItem } from './sql/settle-item.sql.js';

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

/** How other rooms, here and to the right, put something into the work queue and take it out again. */
@Injectable()
export class WorkItems {
  constructor(private readonly audit: Audit) {}

  /** The id of the item; of the one that is there if the same thing is open already, which is then due no later than asked. */
  async open(tx: Tx, context: AuditContext, item: NewWorkItem): Promise<bigint> {
    const { id, isNew } = await openItem(tx, { ...item, dedupeKey: item.dedupeKey ?? defaultKey(item) });
    if (isNew) {
      const after = { kind: item.kind, subjectType: item.subjectType, subjectId: item.subjectId, dueOn: item.dueOn };
      await this.audit.record(tx, context, { action: 'work_item.opened', ...subject(id), after });
    }
    return id;
  }

  /** What an item was about has gone away. Does nothing if none is open. */
  async settle(tx: Tx, context: AuditContext, kind: WorkItemKind, dedupeKey: string): Promise<void> {
    const id = await settleItem(tx, kind, dedupeKey);
    if (id === null) return;
    const after = { kind, outcome: 'settled_elsewhere' };
    await this.audit.record(tx, context, { action: 'work_item.done', ...subject(id), after });
  }
}

function defaultKey({ subjectType, subjectId }: NewWorkItem): string {
  return `${subjectType}:${subjectId}`;
}

function subject(id: bigint) {
  return { subjectType: 'work_item', subjectId: id.toString() };
}
