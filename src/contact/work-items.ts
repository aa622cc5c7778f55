import { Injectable } from '@nestjs/common';
import { Audit, type AuditContext } from '../audit/audit.js';
import type { Tx } from '../platform/database/database.js';
import type { WorkItemKind } from '../platform/database/prisma.js';
import { openItem, type NewWorkItem } from './sql/open-item.sql.js';
import { settleItem } from './sql/settle-item.sql.js';

export type { NewWorkItem };

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
