import { Injectable } from '@nestjs/common';
import { Audit } from '../audit/audit.js';
import { dayOf } from '../platform/clock/jst.js';
import { Clock } from '../platform/clock/clock.js';
import { Database, type Tx } from '../platform/database/database.js';
import type { RequestContext } from '../platform/http/request-context.js';
import { Commands } from '../platform/idempotency/commands.js';
import { decodeBigintCursor, toPage, type Page } from '../platform/pagination/page.js';
import { takeNextItem } from './sql/take-next-item.sql.js';
import type {
  FinishWorkItemDto,
  HandBackWorkItemDto,
  NextWorkItemView,
  WorkItemQuery,
  WorkItemView,
} from './work-item.dto.js';
import { WorkItemNotFound, WorkItemNotInHand } from './work-item.errors.js';
import { KIND_RULES, kindsListedFor, kindsWorkedBy } from './work-item-kinds.js';
import { stateAt } from './work-item.state.js';
import { WorkItemRepository, type WorkItemRow } from './work-item.repository.js';

const NOT_IN_HAND = { status: 'open', takenBy: null, takenAt: null, touchedAt: null } as const;

/** The work queue as people work through it: one item in hand at a time, which nobody else gets meanwhile. */
@Injectable()
export class WorkQueue {
  constructor(
    private readonly database: Database,
    private readonly commands: Commands,
    private readonly items: WorkItemRepository,
    private readonly audit: Audit,
    private readonly clock: Clock,
  ) {}

  /** Newest first, of the kinds that this role may see beside each other; none about oneself or a relative. Errors: cursor_invalid. */
  list({ actor }: RequestContext, query: WorkItemQuery): Promise<Page<WorkItemView>> {
    const before = decodeBigintCursor(query.cursor);
    const kinds = kindsListedFor(actor.role).filter((kind) => query.kind === undefined || kind === query.kind);
    const now = this.clock.now();
    return this.database.consistentRead(async (tx) => {
      const rows = await this.items.list(tx, actor.id, { kinds, state: query.state, before, limit: query.limit, now });
      return toPage(
        rows,
        query.limit,
        ({ id }) => id.toString(),
        (row) => viewOf(row, now),
      );
    });
  }

  /** The item in hand if there is one, or else the next that is due. Asking twice answers the same item. */
  next({ actor }: RequestContext): Promise<NextWorkItemView> {
    return this.database.transaction(async (tx) => {
      await this.items.takeTurns(tx, actor.id);
      const kinds = kindsWorkedBy(actor.role);
      // Someone whose role has changed does not keep what the former one had in hand.
      await tx.workItem.updateMany({
        where: { takenBy: actor.id, status: 'taken', kind: { notIn: kinds } },
        data: NOT_IN_HAND,
      });
      const id = await takeNextItem(tx, actor.id, kinds);
      return { item: id === null ? null : viewOf(await this.items.get(tx, id), this.clock.now()) };
    });
  }

  /** A sign of life, for another 15 minutes. Errors: work_item_not_found, work_item_not_in_hand. */
  touch(context: RequestContext, id: bigint): Promise<WorkItemView> {
    return this.database.transaction(async (tx) => {
      await this.lockInHand(tx, context, id);
      return this.change(tx, id, { touchedAt: this.clock.now() });
    });
  }

  /** Back into the queue, perhaps for a later day. Errors: work_item_not_found, work_item_not_in_hand. */
  handBack(context: RequestContext, id: bigint, { dueOn }: HandBackWorkItemDto): Promise<WorkItemView> {
    return this.database.transaction(async (tx) => {
      await this.lockInHand(tx, context, id);
      await this.record(tx, context, id, 'work_item.handed_back', { dueOn: dueOn ?? null });
      return this.change(tx, id, { ...NOT_IN_HAND, ...(dueOn ? { dueOn: new Date(dueOn) } : {}) });
    });
  }

  /** Errors: work_item_not_found, work_item_not_in_hand. */
  finish(context: RequestContext, id: bigint, { outcome, outcomeText }: FinishWorkItemDto): Promise<WorkItemView> {
    return this.commands.run(context, async (tx) => {
      await this.lockInHand(tx, context, id);
      await this.record(tx, context, id, 'work_item.done', { outcome });
      const doneBy = context.actor.id;
      return this.change(tx, id, { status: 'done', outcome, outcomeText: outcomeText ?? null, doneBy });
    });
  }

  private async lockInHand(tx: Tx, { actor }: RequestContext, id: bigint): Promise<void> {
    const item = await this.items.lock(tx, id);
    if (!item || !kindsWorkedBy(actor.role).includes(item.kind)) throw new WorkItemNotFound();
    if (item.status !== 'taken' || item.takenBy !== actor.id) throw new WorkItemNotInHand();
  }

  private async change(tx: Tx, id: bigint, data: Parameters<WorkItemRepository['change']>[2]): Promise<WorkItemView> {
    return viewOf(await this.items.change(tx, id, data), this.clock.now());
  }

  private record(tx: Tx, context: RequestContext, id: bigint, action: string, after: { [key: string]: string | null }) {
    return this.audit.record(tx, context, { action, subjectType: 'work_item', subjectId: id.toString(), after });
  }
}

function viewOf(row: WorkItemRow, now: Date): WorkItemView {
  return {
    id: row.id.toString(),
    kind: row.kind,
    text: KIND_RULES[row.kind].text,
    customerNo: row.holder?.customerNo ?? null,
    subject: { type: row.subjectType, id: row.subjectId },
    dueOn: dayOf(row.dueOn),
    state: stateAt(row, now),
    openedAt: row.openedAt.toISOString(),
    takenBy: row.taker?.displayName ?? null,
    takenAt: row.takenAt?.toISOString() ?? null,
    doneAt: row.doneAt?.toISOString() ?? null,
    outcome: row.outcome,
    outcomeText: row.outcomeText,
  };
}
