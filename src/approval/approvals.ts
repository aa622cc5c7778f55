import { Injectable } from '@nestjs/common';
import { Audit } from '../audit/audit.js';
import type { Role } from '../identity/role.js';
import { Clock } from '../platform/clock/clock.js';
import { endOfBusinessDay } from '../platform/clock/jst.js';
import { Config } from '../platform/config/config.js';
import type { Tx } from '../platform/database/database.js';
import type { RequestContext } from '../platform/http/request-context.js';
import { ApprovalAlreadyRequested, NotAboutOwnMoney, RoleMayNotDecide } from './approval.errors.js';
import { ApprovalRepository, type ApprovalRow } from './approval.repository.js';
import { requiredCheckers } from './approval.state.js';
import type { ApprovalRequest, ApprovalSubject } from './approval-subject.js';
import type { ApprovalRequestView } from './approval.dto.js';

/** Nobody should find a request from last week still able to move money. */
const BUSINESS_DAYS_TO_DECIDE = 3;

export interface ApprovalAsk {
  readonly subjectType: string;
  readonly subjectId: string;
  /** SHA-256, hex, over everything the checker agrees to. */
  readonly contentHash: string;
  /** Yen that decide how many checkers are needed; null when no money is meant. */
  readonly amountJpy: bigint | null;
  /** Customer numbers that the request selects one by one, so that nobody decides about their own. */
  readonly namedCustomerNos?: readonly string[];
}

/** The makers' side of maker–checker: rooms to the right register their subjects and ask here. */
@Injectable()
export class Approvals {
  private readonly subjects = new Map<string, ApprovalSubject>();

  constructor(
    private readonly requests: ApprovalRepository,
    private readonly audit: Audit,
    private readonly clock: Clock,
    private readonly config: Config,
  ) {}

  register(subject: ApprovalSubject): void {
    if (this.subjects.has(subject.type)) throw new Error(`approval subject ${subject.type} is registered twice`);
    this.subjects.set(subject.type, subject);
  }

  subject(type: string): ApprovalSubject {
    const subject = this.subjects.get(type);
    if (!subject) throw new Error(`approval subject ${type} is not registered`);
    return subject;
  }

  /**
   * The kinds of requests that a role sees: those it makes or checks, and for auditors all that are not confidential.
   * A confidential hold must not show itself to others by its request.
   */
  subjectTypesSeenBy(role: string): string[] {
    return [...this.subjects.values()]
      .filter(
        ({ makerRoles, checkerRoles, confidential }) =>
          (role === 'auditor' && !confidential) || [...makerRoles, ...checkerRoles].includes(role as Role),
      )
      .map((subject) => subject.type);
  }

  /** Asks for approval. Errors: role_may_not_decide, not_about_own_money, approval_already_requested. */
  async open(tx: Tx, context: RequestContext, ask: ApprovalAsk): Promise<ApprovalRequestView> {
    const { makerRoles, confidential = false } = this.subject(ask.subjectType);
    if (!makerRoles.includes(context.actor.role as Role)) throw new RoleMayNotDecide(ask.subjectType, makerRoles);
    const namedCustomerNos = [...(ask.namedCustomerNos ?? [])];
    if (await this.requests.hasInterest(tx, context.actor.id, namedCustomerNos)) throw new NotAboutOwnMoney();
    if (await this.requests.findPending(tx, ask.subjectType, ask.subjectId)) throw new ApprovalAlreadyRequested();
    const askedToday = await this.requests.askedTodayJpy(tx, context.actor.id, ask.subjectType);
    const row = await this.requests.insert(tx, {
      subjectType: ask.subjectType,
      subjectId: ask.subjectId,
      contentHash: ask.contentHash,
      amountJpy: ask.amountJpy,
      requiredCheckers: requiredCheckers(ask.amountJpy ?? 0n, askedToday, this.config.twoCheckersAboveJpy),
      makerId: context.actor.id,
      namedCustomerNos,
      expiresAt: endOfBusinessDay(this.clock.now(), BUSINESS_DAYS_TO_DECIDE, this.config.holidays),
    });
    await this.audit.record(tx, context, {
      action: 'approval.requested',
      confidential,
      subjectType: ask.subjectType,
      subjectId: ask.subjectId,
      after: {
        requestId: row.id,
        contentHash: ask.contentHash,
        amountJpy: ask.amountJpy?.toString() ?? null,
        requiredCheckers: row.requiredCheckers,
      },
    });
    return viewOf(row);
  }

  /** Asks anew for a thing whose content its maker has changed; what was asked before is void. */
  async reopen(tx: Tx, context: RequestContext, ask: ApprovalAsk): Promise<ApprovalRequestView> {
    await this.withdraw(tx, context, ask.subjectType, ask.subjectId, 'content_replaced');
    return this.open(tx, context, ask);
  }

  /** Takes an open request back, for instance because its draft is cancelled. Does nothing if there is none. */
  async withdraw(
    tx: Tx,
    context: RequestContext,
    subjectType: string,
    subjectId: string,
    reason: string,
  ): Promise<void> {
    const pending = await this.requests.findPending(tx, subjectType, subjectId);
    if (!pending) return;
    await this.requests.lock(tx, pending.id);
    await this.close(tx, context, pending, 'voided', reason);
  }

  /** Leaves `pending` and says so in the audit trail. The caller has locked the row. */
  async close(
    tx: Tx,
    context: Pick<RequestContext, 'actor' | 'requestId'>,
    row: ApprovalRow,
    status: 'approved' | 'refused' | 'expired' | 'voided',
    reason: string | null,
  ): Promise<void> {
    await this.requests.close(tx, row.id, status);
    await this.audit.record(tx, context, {
      action: `approval.${status}`,
      confidential: this.subject(row.subjectType).confidential ?? false,
      subjectType: row.subjectType,
      subjectId: row.subjectId,
      before: { status: 'pending' },
      after: { requestId: row.id, contentHash: row.contentHash, reason },
    });
  }
}

export function requestOf(row: ApprovalRow): ApprovalRequest {
  const { id, subjectType, subjectId, contentHash, amountJpy, makerId } = row;
  return { id, subjectType, subjectId, contentHash, amountJpy, makerId };
}

export function viewOf(row: ApprovalRow): ApprovalRequestView {
  return {
    id: row.id,
    subjectType: row.subjectType,
    subjectId: row.subjectId,
    contentHash: row.contentHash,
    amountJpy: row.amountJpy?.toString() ?? null,
    requiredCheckers: row.requiredCheckers,
    approvals: row.decisions.filter((decision) => decision.decision === 'approve').length,
    status: row.status,
    makerId: row.makerId,
    createdAt: row.createdAt.toISOString(),
    expiresAt: row.expiresAt.toISOString(),
    closedAt: row.closedAt?.toISOString() ?? null,
    decisions: row.decisions.map(({ checkerId, decision, reason, decidedAt }) => ({
      checkerId,
      decision,
      reason,
      decidedAt: decidedAt.toISOString(),
    })),
    outcome: row.outcome as ApprovalRequestView['outcome'],
  };
}
