import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { ApprovalRequest, ApprovalSubject } from '../approval/approval-subject.js';
import { Approvals } from '../approval/approvals.js';
import { Audit, systemActor, type AuditContext } from '../audit/audit.js';
import type { Tx } from '../platform/database/database.js';
import type { RequestContext } from '../platform/http/request-context.js';
import type { Json } from '../platform/json.js';
import { rateDetail } from './rate-detail.js';
import { RateRepository } from './rate.repository.js';
import type { RateState } from './rate.state.js';

/** A rate under maker–checker: approved, it becomes the one effective rate, in place of the one before. */
@Injectable()
export class RateSubject implements ApprovalSubject, OnModuleInit {
  readonly type = 'rate';
  readonly makerRoles = ['finance_maker'] as const;
  readonly checkerRoles = ['finance_checker'] as const;

  constructor(
    private readonly approvals: Approvals,
    private readonly rates: RateRepository,
    private readonly audit: Audit,
  ) {}

  onModuleInit(): void {
    this.approvals.register(this);
  }

  contentHash(tx: Tx, subjectId: string): Promise<string | null> {
    return this.rates.contentHash(tx, subjectId);
  }

  /** The announcement, what it comes to for whom under each rounding rule, and the evidence. */
  async preview(tx: Tx, subjectId: string): Promise<Json> {
    const rate = await this.rates.find(tx, subjectId);
    return rate ? ((await rateDetail(tx, this.rates, rate)) as unknown as Json) : null;
  }

  async takeEffect(tx: Tx, context: RequestContext, request: ApprovalRequest): Promise<Json> {
    const before = await this.rates.findEffective(tx);
    if (before)
      await this.change(tx, context, before.id, 'effective', 'superseded', { supersededBy: request.subjectId });
    await this.change(tx, context, request.subjectId, 'proposed', 'effective', { approvalRequestId: request.id });
    return { status: 'effective', superseded: before?.id ?? null };
  }

  refused(tx: Tx, context: RequestContext, request: ApprovalRequest, reason: string): Promise<void> {
    return this.change(tx, context, request.subjectId, 'proposed', 'rejected', { reason });
  }

  lapsed(tx: Tx, request: ApprovalRequest): Promise<void> {
    return this.change(tx, systemActor('approval-expiry'), request.subjectId, 'proposed', 'lapsed', {});
  }

  private async change(
    tx: Tx,
    context: AuditContext,
    id: string,
    from: RateState,
    to: RateState,
    why: { readonly [key: string]: Json },
  ): Promise<void> {
    if (!(await this.rates.move(tx, id, from, to)))
      throw new Error(`rate ${id} is not ${from} although its request was open`);
    await this.audit.record(tx, context, {
      action: `rate.${to}`,
      subjectType: this.type,
      subjectId: id,
      before: { status: from },
      after: { status: to, ...why },
    });
  }
}
