import { Injectable } from '@nestjs/common';
import type { ApprovalRequestView } from '../approval/approval.dto.js';
import { Approvals } from '../approval/approvals.js';
import { viewOf } from '../identity/present-staff.js';
import { newSecretToken } from '../identity/secret-token.js';
import { SessionRepository } from '../identity/session.repository.js';
import { StaffChanges } from '../identity/staff-changes.js';
import { StaffMails } from '../identity/staff-mails.js';
import type { ChangeStaffDto } from '../identity/staff.dto.js';
import type { StaffRow } from '../identity/staff.repository.js';
import { dayOf } from '../platform/clock/jst.js';
import { Database, type Tx } from '../platform/database/database.js';
import type { RequestContext } from '../platform/http/request-context.js';
import { Commands } from '../platform/idempotency/commands.js';
import { Audit } from '../audit/audit.js';
import { divide, type Widening } from './account-change.rules.js';
import type { AskedResetView, ChangedStaffView } from './account-change.dto.js';
import { EnrolmentCannotBeMailed } from './factor-reset.errors.js';
import { STAFF_CHANGE, changeHash } from './staff-change.subject.js';

/** Changes of accounts: what narrows is done at once, what widens is asked for and done when another person agrees. */
@Injectable()
export class AccountChanges {
  constructor(
    private readonly database: Database,
    private readonly commands: Commands,
    private readonly approvals: Approvals,
    private readonly changes: StaffChanges,
    private readonly sessions: SessionRepository,
    private readonly mails: StaffMails,
    private readonly audit: Audit,
  ) {}

  /** Errors: staff_not_found, own_account, customer_no_taken, not_about_own_money. */
  change(context: RequestContext, id: string, wanted: ChangeStaffDto): Promise<ChangedStaffView> {
    return this.commands.run(context, async (tx) => {
      const before = await this.changes.lockOther(tx, context, id);
      const { atOnce, agreed } = divide({ ...before, lastDay: dayOf(before.lastDay) }, wanted);
      const account =
        Object.keys(atOnce).length > 0 ? await this.changes.apply(tx, context, before, atOnce) : viewOf(before);
      const approvalRequest = Object.keys(agreed).length > 0 ? await this.open(tx, context, before, agreed) : null;
      return { ...account, approvalRequest };
    });
  }

  /**
   * Ends all sessions at once; the password ends when another person agrees. Without a mail address the answer carries
   * a one-time secret, so it is not kept for replay. Errors: staff_not_found, own_account, enrolment_cannot_be_mailed.
   */
  startReset(context: RequestContext, id: string, reason: string): Promise<AskedResetView> {
    return this.database.transaction(async (tx) => {
      const account = await this.changes.lockOther(tx, context, id);
      if (account.mail !== null && !this.mails.canSend) throw new EnrolmentCannotBeMailed();
      const activation = account.mail === null ? newSecretToken() : null;
      await this.sessions.endAll(tx, id, 'reset');
      await this.audit.record(tx, context, { action: 'staff.reset_started', subjectType: 'staff', subjectId: id });
      const asked = { reason, activationHash: activation?.hash ?? null };
      const approvalRequest = await this.open(tx, context, account, { passwordReset: true }, asked);
      return { activationToken: activation?.token ?? null, approvalRequest };
    });
  }

  private async open(
    tx: Tx,
    context: RequestContext,
    { id: staffId, customerNo, relatives }: StaffRow,
    wanted: Widening,
    asked: { readonly reason: string; readonly activationHash: string | null } | null = null,
  ): Promise<ApprovalRequestView> {
    const [row] = await tx.$queryRaw<{ id: string }[]>`
      INSERT INTO staff_change_request (staff_id, asked_by, wanted, reason, activation_hash)
      VALUES (${staffId}::uuid, ${context.actor.id}::uuid, ${JSON.stringify(wanted)}::jsonb, ${asked?.reason ?? null}, ${asked?.activationHash ?? null})
      RETURNING id`;
    if (!row) throw new Error('asking for a change of an account answered no row');
    const ofWidening = wanted.customerNo !== undefined || wanted.relatives !== undefined;
    const named = [customerNo, wanted.customerNo, ...relatives.map((relative) => relative.customerNo)];
    return this.approvals.open(tx, context, {
      subjectType: STAFF_CHANGE,
      subjectId: row.id,
      contentHash: (await changeHash(tx, row.id)) ?? '',
      amountJpy: null,
      namedCustomerNos: ofWidening ? named.flatMap((no) => no ?? []) : [],
    });
  }
}
