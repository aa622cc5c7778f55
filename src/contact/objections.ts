import { Injectable } from '@nestjs/common';
import { Audit } from '../audit/audit.js';
import { Holders } from '../holder/holders.js';
import { Clock } from '../platform/clock/clock.js';
import { addBusinessDays, jstDate } from '../platform/clock/jst.js';
import { Config } from '../platform/config/config.js';
import { Database, type Tx } from '../platform/database/database.js';
import type { Prisma } from '../platform/database/prisma.js';
import type { Actor, RequestContext } from '../platform/http/request-context.js';
import { Commands } from '../platform/idempotency/commands.js';
import type { CloseObjectionDto, ObjectionView, RecordObjectionDto } from './objection.dto.js';
import { ObjectionAlreadyOpen, ObjectionClosed, ObjectionNotFound, ObjectionOfOwnHand } from './objection.errors.js';
import { objectionView } from './present-objection.js';
import { WorkItems } from './work-items.js';

const BUSINESS_DAYS_TO_ANSWER = 10;
const SHOWN = {
  holder: { select: { customerNo: true, claims: { where: { parentClaimId: null }, take: 1 } } },
  recorder: { select: { displayName: true } },
  closer: { select: { displayName: true } },
} as const satisfies Prisma.ObjectionInclude;

/** "My quantity is wrong": looked into by a claims officer, while what is not disputed is paid as if nobody had objected. */
@Injectable()
export class Objections {
  constructor(
    private readonly database: Database,
    private readonly commands: Commands,
    private readonly holders: Holders,
    private readonly work: WorkItems,
    private readonly audit: Audit,
    private readonly clock: Clock,
    private readonly config: Config,
  ) {}

  /** Errors: holder_not_found (also one's own and a relative's), objection_already_open. */
  record(context: RequestContext, customerNo: string, asked: RecordObjectionDto): Promise<ObjectionView> {
    return this.commands.run(context, async (tx) => {
      const holder = await this.holders.ofOthers(tx, context.actor, customerNo);
      // Two agents on two lines take turns here, so that the second hears of the first.
      await tx.$queryRaw`SELECT pg_advisory_xact_lock(hashtextextended('objection:' || ${holder.id}::bigint, 0))::text`;
      const open = await tx.objection.findFirst({ where: { holderId: holder.id, outcome: null } });
      if (open) throw new ObjectionAlreadyOpen(open.id.toString());
      const dueOn = asked.dueOn ?? this.defaultDay();
      const { id } = await tx.objection.create({
        data: {
          holderId: holder.id,
          claimedQuantityXem: asked.claimedQuantityXem,
          reason: asked.reason,
          dueOn: new Date(dueOn),
          recordedBy: context.actor.id,
        },
        select: { id: true },
      });
      await this.recordEvent(tx, context, id, 'objection.recorded', {
        claimedQuantityXem: asked.claimedQuantityXem,
        dueOn,
      });
      await this.work.open(tx, context, { ...itemOf(id), holderId: holder.id, dueOn: jstDate(this.clock.now()) });
      return this.find(tx, context.actor, id);
    });
  }

  /** Errors: objection_not_found. */
  show({ actor }: RequestContext, id: bigint): Promise<ObjectionView> {
    return this.database.consistentRead((tx) => this.find(tx, actor, id));
  }

  /** Errors: objection_not_found, objection_closed, objection_of_own_hand. */
  close(context: RequestContext, id: bigint, { outcome, outcomeText }: CloseObjectionDto): Promise<ObjectionView> {
    return this.commands.run(context, async (tx) => {
      await tx.$queryRaw`SELECT FROM objection WHERE id = ${id} FOR NO KEY UPDATE`;
      const before = await this.find(tx, context.actor, id);
      if (before.outcome !== null) throw new ObjectionClosed(before.outcome);
      const closed = await tx.objection.updateMany({
        where: { id, recordedBy: { not: context.actor.id } },
        data: { outcome, outcomeText, closedBy: context.actor.id, closedAt: this.clock.now() },
      });
      if (closed.count !== 1) throw new ObjectionOfOwnHand();
      await this.recordEvent(tx, context, id, 'objection.closed', { outcome });
      await this.work.settle(tx, context, 'objection', `objection:${id}`);
      return this.find(tx, context.actor, id);
    });
  }

  private async find(tx: Tx, actor: Actor, id: bigint): Promise<ObjectionView> {
    const row = await tx.objection.findUnique({ where: { id }, include: SHOWN });
    if (!row || (await this.holders.isOwn(tx, actor, row.holder.customerNo))) throw new ObjectionNotFound();
    return objectionView(row);
  }

  private defaultDay(): string {
    return addBusinessDays(jstDate(this.clock.now()), BUSINESS_DAYS_TO_ANSWER, this.config.holidays);
  }

  private recordEvent(tx: Tx, context: RequestContext, id: bigint, action: string, after: { [key: string]: string }) {
    return this.audit.record(tx, context, { action, subjectType: 'objection', subjectId: id.toString(), after });
  }
}

function itemOf(id: bigint) {
  return { kind: 'objection', subjectType: 'objection', subjectId: id.toString() } as const;
}
