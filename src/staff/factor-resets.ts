import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { ApprovalRequestView } from '../approval/approval.dto.js';
import type { ApprovalRequest, ApprovalSubject } from '../approval/approval-subject.js';
import { Approvals } from '../approval/approvals.js';
import { Audit } from '../audit/audit.js';
import { FactorRepository } from '../identity/factor.repository.js';
import { OwnAccount, StaffNotFound } from '../identity/identity.errors.js';
import { SessionRepository } from '../identity/session.repository.js';
import { StaffMails } from '../identity/staff-mails.js';
import { StaffRepository } from '../identity/staff.repository.js';
import type { Tx } from '../platform/database/database.js';
import type { RequestContext } from '../platform/http/request-context.js';
import { Commands } from '../platform/idempotency/commands.js';
import type { Json } from '../platform/json.js';
import { EnrolmentCannotBeMailed, FactorResetAsked, StaffNotActive } from './factor-reset.errors.js';

const SUBJECT = 'staff_factor_reset';

/**
 * A lost second factor. An administrator asks, another person agrees, and the owner chooses password and factor anew with
 * a token that goes to their mail address and to nobody else.
 */
@Injectable()
export class FactorResets implements ApprovalSubject, OnModuleInit {
  readonly type = SUBJECT;
  readonly makerRoles = ['administrator'] as const;
  /** Compliance too: where there are two administrators, the one who lost a key has to be helped by the other. */
  readonly checkerRoles = ['administrator', 'compliance'] as const;

  constructor(
    private readonly commands: Commands,
    private readonly approvals: Approvals,
    private readonly staff: StaffRepository,
    private readonly factors: FactorRepository,
    private readonly sessions: SessionRepository,
    private readonly mails: StaffMails,
    private readonly audit: Audit,
  ) {}

  onModuleInit(): void {
    this.approvals.register(this);
  }

  /** Errors: own_account, staff_not_found, staff_not_active, enrolment_cannot_be_mailed, factor_reset_asked. */
  ask(context: RequestContext, staffId: string, reason: string): Promise<ApprovalRequestView> {
    if (staffId === context.actor.id) throw new OwnAccount();
    return this.commands.run(context, async (tx) => {
      const person = await this.staff.lock(tx, staffId);
      if (!person) throw new StaffNotFound();
      if (!(await this.staff.lockActive(tx, staffId))) throw new StaffNotActive();
      if (person.mail === null || !this.mails.canSend) throw new EnrolmentCannotBeMailed();
      const [reset] = await tx.$queryRaw<{ id: string }[]>`
        INSERT INTO staff_factor_reset (staff_id, asked_by, reason) VALUES (${staffId}::uuid, ${context.actor.id}::uuid, ${reason})
        ON CONFLICT (staff_id) WHERE status = 'asked' DO NOTHING RETURNING id`;
      if (!reset) throw new FactorResetAsked();
      const contentHash = (await this.contentHash(tx, reset.id)) ?? '';
      return this.approvals.open(tx, context, {
        subjectType: SUBJECT,
        subjectId: reset.id,
        contentHash,
        amountJpy: null,
      });
    });
  }

  async contentHash(tx: Tx, id: string): Promise<string | null> {
    const [row] = await tx.$queryRaw<{ hash: string }[]>`
      SELECT staff_factor_reset_content_hash(id) AS hash FROM staff_factor_reset WHERE id = ${id}::uuid AND status = 'asked'`;
    return row?.hash ?? null;
  }

  /** Who it is and where the mail will go: what the second person asks the owner about. */
  async preview(tx: Tx, id: string): Promise<Json> {
    const { reason, staff } = await tx.staffFactorReset.findUniqueOrThrow({ where: { id }, include: { staff: true } });
    const { id: staffId, login, displayName, role, employer, team, mail } = staff;
    return { staffId, login, displayName, role, employer, team, mail, reason };
  }

  /** Errors: own_account. */
  async takeEffect(tx: Tx, context: RequestContext, { id: requestId, subjectId }: ApprovalRequest): Promise<Json> {
    const { staffId } = await tx.staffFactorReset.findUniqueOrThrow({ where: { id: subjectId } });
    if (staffId === context.actor.id) throw new OwnAccount();
    await this.close(tx, subjectId, 'done');
    await this.factors.removeAll(tx, staffId);
    await this.sessions.endAll(tx, staffId, 'reset');
    await this.staff.reset(tx, staffId, null);
    await this.mails.leave(tx, staffId, 'enrolment');
    await this.audit.record(tx, context, {
      action: 'staff.factors_reset',
      subjectType: 'staff',
      subjectId: staffId,
      after: { approvalRequestId: requestId },
    });
    return { staffId };
  }

  async refused(tx: Tx, _context: RequestContext, { subjectId }: ApprovalRequest): Promise<void> {
    await this.close(tx, subjectId, 'refused');
  }

  async lapsed(tx: Tx, { subjectId }: ApprovalRequest): Promise<void> {
    await this.close(tx, subjectId, 'lapsed');
  }

  private async close(tx: Tx, id: string, status: 'done' | 'refused' | 'lapsed'): Promise<void> {
    await tx.staffFactorReset.update({ where: { id, status: 'asked' }, data: { status }, select: { id: true } });
  }
}
