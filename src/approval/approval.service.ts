import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Audit } from '../audit/audit.js';
import type { Role } from '../identity/role.js';
import { Clock } from '../platform/clock/clock.js';
import { Database, type Tx } from '../platform/database/database.js';
import type { RequestContext } from '../platform/http/request-context.js';
import { Commands } from '../platform/idempotency/commands.js';
import { Jobs } from '../platform/jobs/jobs.js';
import { decodeCursor, toPage } from '../platform/pagination/page.js';
import type {
  ApprovalRequestDetailView,
  ApprovalRequestFilter,
  ApprovalRequestView,
  DecideApprovalDto,
} from './approval.dto.js';
import {
  ApprovalRequestClosed,
  ApprovalRequestExpired,
  ApprovalRequestNotFound,
  ApprovalVoided,
  CheckerAlreadyDecided,
  MakerCannotCheck,
  NotAboutOwnMoney,
  RefusalNeedsReason,
  RoleMayNotDecide,
} from './approval.errors.js';
import { ApprovalRepository, type ApprovalRow } from './approval.repository.js';
import { Approvals, requestOf, viewOf } from './approvals.js';
import type { ApprovalSubject } from './approval-subject.js';

/** Taking effect may touch every claim at once, in the transaction of the last decision. */
const EFFECT_LIMITS = { timeoutMs: 120_000 };

/** Who expired a request when nobody decided. */
const SYSTEM = { actor: { id: 'system', role: 'system' }, requestId: 'approval-expiry' };

/** The checkers' side of maker–checker: list, look, decide; and the end of requests that nobody decided. */
@Injectable()
export class ApprovalService implements OnModuleInit {
  constructor(
    private readonly database: Database,
    private readonly commands: Commands,
    private readonly requests: ApprovalRepository,
    private readonly approvals: Approvals,
    private readonly audit: Audit,
    private readonly clock: Clock,
    private readonly jobs: Jobs,
  ) {}

  onModuleInit(): void {
    this.jobs.every('approval-expiry', '*/5 * * * *', () => this.expireOverdue());
  }

  list(
    context: RequestContext,
    filter: ApprovalRequestFilter,
  ): Promise<{ items: ApprovalRequestView[]; nextCursor: string | null }> {
    return this.database.consistentRead(async (tx) => {
      const rows = await this.requests.list(
        tx,
        filter,
        this.approvals.subjectTypesSeenBy(context.actor.role),
        decodeCursor(filter.cursor),
      );
      return toPage(rows, filter.limit, (row) => row.id, viewOf);
    });
  }

  /** One request with what will happen if it is approved. Errors: approval_request_not_found. */
  show(context: RequestContext, id: string): Promise<ApprovalRequestDetailView> {
    return this.database.consistentRead(async (tx) => {
      const row = await this.requests.find(tx, id);
      if (!row || !this.approvals.subjectTypesSeenBy(context.actor.role).includes(row.subjectType))
        throw new ApprovalRequestNotFound();
      const subject = this.approvals.subject(row.subjectType);
      const contentUnchanged = await contentStands(tx, subject, row);
      return { ...viewOf(row), contentUnchanged, preview: await subject.preview(tx, row.subjectId) };
    }, EFFECT_LIMITS);
  }

  /**
   * Records one checker's decision; the last approval that is needed also takes effect, in the same transaction.
   * Errors: approval_request_not_found, approval_request_closed, approval_request_expired, role_may_not_decide,
   * maker_cannot_check, not_about_own_money, checker_already_decided, refusal_needs_reason, approval_voided.
   */
  async decide(context: RequestContext, id: string, verdict: DecideApprovalDto): Promise<ApprovalRequestView> {
    const view = await this.commands.run(context, (tx) => this.decideIn(tx, context, id, verdict), EFFECT_LIMITS);
    // Voiding must be committed, so the caller learns of it only after the transaction, and on each replay.
    if (view.status === 'voided') throw new ApprovalVoided();
    return view;
  }

  private async decideIn(
    tx: Tx,
    context: RequestContext,
    id: string,
    verdict: DecideApprovalDto,
  ): Promise<ApprovalRequestView> {
    const row = await this.requests.lock(tx, id);
    if (!row) throw new ApprovalRequestNotFound();
    await this.assertMayDecide(tx, context, row);
    const reason = verdict.reason?.trim() || null;
    if (verdict.decision === 'refuse' && !reason) throw new RefusalNeedsReason();
    const { makerId } = row;
    await this.requests.insertDecision(tx, {
      requestId: id,
      makerId,
      checkerId: context.actor.id,
      decision: verdict.decision,
      reason,
    });
    if (verdict.decision === 'refuse') await this.refuse(tx, context, row, reason ?? '');
    else await this.approve(tx, context, row);
    const decided = await this.requests.find(tx, id);
    if (!decided) throw new ApprovalRequestNotFound();
    return viewOf(decided);
  }

  private async assertMayDecide(tx: Tx, context: RequestContext, row: ApprovalRow): Promise<void> {
    if (!this.approvals.subjectTypesSeenBy(context.actor.role).includes(row.subjectType))
      throw new ApprovalRequestNotFound();
    const { checkerRoles } = this.approvals.subject(row.subjectType);
    if (!checkerRoles.includes(context.actor.role as Role)) throw new RoleMayNotDecide(row.subjectType, checkerRoles);
    if (row.makerId === context.actor.id) throw new MakerCannotCheck();
    if (row.status !== 'pending') throw new ApprovalRequestClosed(row.status);
    if (row.expiresAt <= this.clock.now()) throw new ApprovalRequestExpired(row.expiresAt);
    if (row.decisions.some((decision) => decision.checkerId === context.actor.id)) throw new CheckerAlreadyDecided();
    if (await this.requests.hasInterest(tx, context.actor.id, row.namedCustomerNos)) throw new NotAboutOwnMoney();
  }

  private async refuse(tx: Tx, context: RequestContext, row: ApprovalRow, reason: string): Promise<void> {
    await this.approvals.close(tx, context, row, 'refused', reason);
    await this.approvals.subject(row.subjectType).refused(tx, context, requestOf(row), reason);
  }

  private async approve(tx: Tx, context: RequestContext, row: ApprovalRow): Promise<void> {
    const subject = this.approvals.subject(row.subjectType);
    const takesEffect = row.decisions.length + 1 >= row.requiredCheckers;
    if (!(await (takesEffect ? contentIsThis(tx, subject, row) : contentStands(tx, subject, row)))) {
      await this.approvals.close(tx, context, row, 'voided', 'content_changed');
      await subject.lapsed(tx, requestOf(row));
      return;
    }
    if (!takesEffect) {
      await this.audit.record(tx, context, {
        action: 'approval.checked',
        confidential: subject.confidential ?? false,
        subjectType: row.subjectType,
        subjectId: row.subjectId,
        after: { requestId: row.id, approvals: row.decisions.length + 1, requiredCheckers: row.requiredCheckers },
      });
      return;
    }
    await this.approvals.close(tx, context, row, 'approved', null);
    const outcome = await subject.takeEffect(tx, context, requestOf(row));
    await this.requests.keepOutcome(tx, row.id, outcome ?? {});
  }

  /** Each overdue request ends in a transaction of its own; drafts and reservations stay. */
  async expireOverdue(): Promise<void> {
    const overdue = await this.database.transaction((tx) => this.requests.listOverdue(tx));
    for (const id of overdue) {
      await this.database.transaction(async (tx) => {
        const row = await this.requests.lock(tx, id);
        if (row?.status !== 'pending') return;
        await this.approvals.close(tx, SYSTEM, row, 'expired', null);
        await this.approvals.subject(row.subjectType).lapsed(tx, requestOf(row));
      });
    }
  }
}

async function contentIsThis(tx: Tx, subject: ApprovalSubject, { subjectId, contentHash }: ApprovalRow) {
  return (await subject.contentHash(tx, subjectId)) === contentHash;
}

async function contentStands(tx: Tx, subject: ApprovalSubject, row: ApprovalRow): Promise<boolean> {
  return subject.contentStands
    ? subject.contentStands(tx, row.subjectId, row.contentHash)
    : contentIsThis(tx, subject, row);
}
