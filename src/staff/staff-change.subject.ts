import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { ApprovalRequest, ApprovalSubject } from '../approval/approval-subject.js';
import { Approvals } from '../approval/approvals.js';
import { Audit } from '../audit/audit.js';
import { OwnAccount } from '../identity/identity.errors.js';
import { activationOf } from '../identity/activation.js';
import { SessionRepository } from '../identity/session.repository.js';
import { StaffChanges } from '../identity/staff-changes.js';
import { StaffMails } from '../identity/staff-mails.js';
import { StaffRepository } from '../identity/staff.repository.js';
import { dayOf } from '../platform/clock/jst.js';
import type { Tx } from '../platform/database/database.js';
import type { RequestContext } from '../platform/http/request-context.js';
import type { Json } from '../platform/json.js';
import type { Widening } from './account-change.rules.js';

export const STAFF_CHANGE = 'staff_change';

/** Over what is asked for and the account as it is now; null when nobody waits for an answer any more. */
export async function changeHash(tx: Tx, id: string): Promise<string | null> {
  const [row] = await tx.$queryRaw<{ hash: string }[]>`
    SELECT staff_change_request_content_hash(id) AS hash FROM staff_change_request WHERE id = ${id}::uuid AND status = 'asked'`;
  return row?.hash ?? null;
}

/** What widens the access of an account, or ends its password: done when another person agrees. */
@Injectable()
export class StaffChangeSubject implements ApprovalSubject, OnModuleInit {
  readonly type = STAFF_CHANGE;
  readonly makerRoles = ['administrator'] as const;
  /** Compliance too: where there are two administrators, neither changes their own account, and the other cannot alone. */
  readonly checkerRoles = ['administrator', 'compliance'] as const;

  constructor(
    private readonly approvals: Approvals,
    private readonly changes: StaffChanges,
    private readonly staff: StaffRepository,
    private readonly sessions: SessionRepository,
    private readonly mails: StaffMails,
    private readonly audit: Audit,
  ) {}

  onModuleInit(): void {
    this.approvals.register(this);
  }

  contentHash(tx: Tx, id: string): Promise<string | null> {
    return changeHash(tx, id);
  }

  /** Whose account, as it is and as it will be: what the second person asks about before they agree. */
  async preview(tx: Tx, id: string): Promise<Json> {
    const { wanted, reason, staff } = await tx.staffChangeRequest.findUniqueOrThrow({
      where: { id },
      include: { staff: { include: { relatives: { orderBy: { customerNo: 'asc' } } } } },
    });
    const { id: staffId, login, displayName, role, status, mail, customerNo, lastDay, oidcSubject, relatives } = staff;
    const declared = relatives.map((relative) => ({ customerNo: relative.customerNo, relation: relative.relation }));
    const now = { role, status, mail, customerNo, lastDay: dayOf(lastDay), oidcSubject, relatives: declared };
    return { staffId, login, displayName, now, wanted: wanted as Json, reason };
  }

  /** Errors: own_account, customer_no_taken, oidc_subject_taken. */
  async takeEffect(tx: Tx, context: RequestContext, { id: requestId, subjectId }: ApprovalRequest): Promise<Json> {
    const { staffId, wanted, activationHash } = await tx.staffChangeRequest.findUniqueOrThrow({
      where: { id: subjectId },
    });
    if (staffId === context.actor.id) throw new OwnAccount();
    const before = await this.changes.lockOther(tx, context, staffId);
    await this.close(tx, subjectId, 'done');
    const { passwordReset, lastDay, ...agreed } = wanted as Widening;
    if (passwordReset) {
      await this.endPassword(tx, context, staffId, activationHash, requestId);
    } else {
      const day = lastDay === undefined ? {} : { lastDay: lastDay === null ? null : new Date(lastDay) };
      await this.changes.apply(tx, context, before, { ...agreed, ...day }, { approvalRequestId: requestId });
    }
    return { staffId };
  }

  async refused(tx: Tx, _context: RequestContext, { subjectId }: ApprovalRequest): Promise<void> {
    await this.close(tx, subjectId, 'refused');
  }

  async lapsed(tx: Tx, { subjectId }: ApprovalRequest): Promise<void> {
    await this.close(tx, subjectId, 'lapsed');
  }

  /** The factor stays and has to be proven with the new password. */
  private async endPassword(
    tx: Tx,
    context: RequestContext,
    staffId: string,
    activationHash: string | null,
    approvalRequestId: string,
  ): Promise<void> {
    await this.sessions.endAll(tx, staffId, 'reset');
    await this.staff.reset(tx, staffId, activationHash === null ? null : activationOf(activationHash));
    await this.mails.leave(tx, staffId, 'enrolment');
    await this.audit.record(tx, context, {
      action: 'staff.password_reset',
      subjectType: 'staff',
      subjectId: staffId,
      after: { approvalRequestId },
    });
  }

  private async close(tx: Tx, id: string, status: 'done' | 'refused' | 'lapsed'): Promise<void> {
    await tx.staffChangeRequest.update({ where: { id, status: 'asked' }, data: { status }, select: { id: true } });
  }
}
