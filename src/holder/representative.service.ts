import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { ApprovalRequest, ApprovalSubject } from '../approval/approval-subject.js';
import { Approvals } from '../approval/approvals.js';
import { Audit } from '../audit/audit.js';
import { Clock } from '../platform/clock/clock.js';
import type { Tx } from '../platform/database/database.js';
import type { RequestContext } from '../platform/http/request-context.js';
import { Commands } from '../platform/idempotency/commands.js';
import type { Json } from '../platform/json.js';
import { Holders } from './holders.js';
import type {
  EndRepresentativeDto,
  RecordedRepresentativeView,
  RecordRepresentativeDto,
  RepresentativeView,
} from './representative.dto.js';
import {
  RepresentativeDaysReversed,
  RepresentativeNotFound,
  RepresentativeNotInForce,
} from './representative.errors.js';
import { representativeView } from './representatives.js';

const SUBJECT = 'representative';

/** Recorded by one person from the papers, in force when another has confirmed exactly this. */
@Injectable()
export class RepresentativeService implements ApprovalSubject, OnModuleInit {
  readonly type = SUBJECT;
  readonly makerRoles = ['support_agent', 'team_lead', 'claims_officer'] as const;
  readonly checkerRoles = ['team_lead', 'claims_officer'] as const;

  constructor(
    private readonly commands: Commands,
    private readonly holders: Holders,
    private readonly approvals: Approvals,
    private readonly audit: Audit,
    private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.approvals.register(this);
  }

  /** Errors: holder_not_found, representative_days_reversed, and those of asking for approval. The name is answered masked: the answer is kept for replay. */
  record(
    context: RequestContext,
    customerNo: string,
    { kind, name, papers, validFrom, validTo }: RecordRepresentativeDto,
  ): Promise<RecordedRepresentativeView> {
    if (validTo !== undefined && validTo < validFrom) throw new RepresentativeDaysReversed();
    return this.commands.run(context, async (tx) => {
      const holder = await this.holders.ofOthers(tx, context.actor, customerNo);
      // Plain SQL, because the client would send a status and the application may not choose one.
      const [{ id }] = await tx.$queryRaw<[{ id: bigint }]>`
        INSERT INTO representative (holder_id, kind, name, papers, valid_from, valid_to, recorded_by)
        VALUES (${holder.id}, ${kind}::representative_kind, ${name}, ${papers}, ${validFrom}::date, ${validTo ?? null}::date, ${context.actor.id}::uuid)
        RETURNING id`;
      const row = await tx.representative.findUniqueOrThrow({ where: { id } });
      await this.note(tx, context, row.id, 'representative.recorded', { holderId: holder.id.toString(), kind });
      const approvalRequest = await this.approvals.open(tx, context, {
        subjectType: SUBJECT,
        subjectId: row.id.toString(),
        contentHash: (await this.contentHash(tx, row.id.toString())) ?? '',
        amountJpy: null,
        namedCustomerNos: [customerNo],
      });
      return { representative: representativeView(row, this.clock.now()), approvalRequest };
    });
  }

  /** Takes effect at once: it only takes a right away. Errors: representative_not_found, representative_not_in_force. */
  end(context: RequestContext, id: bigint, { reason }: EndRepresentativeDto): Promise<RepresentativeView> {
    return this.commands.run(context, async (tx) => {
      const row = await tx.representative.findUnique({ where: { id }, include: { holder: true } });
      if (!row || (await this.holders.isOwn(tx, context.actor, row.holder.customerNo)))
        throw new RepresentativeNotFound();
      const { count } = await tx.representative.updateMany({
        where: { id, status: 'confirmed' },
        data: { status: 'ended', endedBy: context.actor.id, endReason: reason },
      });
      if (count !== 1) throw new RepresentativeNotInForce();
      await this.note(tx, context, id, 'representative.ended', { holderId: row.holderId.toString() });
      return representativeView({ ...row, status: 'ended' }, this.clock.now());
    });
  }

  async contentHash(tx: Tx, subjectId: string): Promise<string | null> {
    const [row] = await tx.$queryRaw<{ hash: string }[]>`
      SELECT representative_hash(id) AS hash FROM representative WHERE id = ${BigInt(subjectId)} AND status = 'proposed'`;
    return row?.hash ?? null;
  }

  /** In the clear: the checker compares it with the papers. */
  async preview(tx: Tx, subjectId: string): Promise<Json> {
    const row = await tx.representative.findUnique({ where: { id: BigInt(subjectId) }, include: { holder: true } });
    return row && { customerNo: row.holder.customerNo, ...representativeView(row, this.clock.now(), true) };
  }

  async takeEffect(tx: Tx, context: RequestContext, { id, subjectId }: ApprovalRequest): Promise<Json> {
    await this.leaveProposed(tx, subjectId, 'confirmed');
    await this.note(tx, context, BigInt(subjectId), 'representative.confirmed', { approvalRequestId: id });
    return { status: 'confirmed' };
  }

  refused(tx: Tx, _context: RequestContext, { subjectId }: ApprovalRequest): Promise<void> {
    return this.leaveProposed(tx, subjectId, 'refused');
  }

  lapsed(tx: Tx, { subjectId }: ApprovalRequest): Promise<void> {
    return this.leaveProposed(tx, subjectId, 'lapsed');
  }

  private async leaveProposed(tx: Tx, subjectId: string, status: 'confirmed' | 'refused' | 'lapsed'): Promise<void> {
    const { count } = await tx.representative.updateMany({
      where: { id: BigInt(subjectId), status: 'proposed' },
      data: { status },
    });
    if (count !== 1) throw new Error(`representative ${subjectId} is not proposed although its request was open`);
  }

  private note(tx: Tx, context: RequestContext, id: bigint, action: string, after: Json): Promise<void> {
    return this.audit.record(tx, context, { action, subjectType: SUBJECT, subjectId: id.toString(), after });
  }
}
