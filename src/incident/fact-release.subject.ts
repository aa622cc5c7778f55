import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { ApprovalRequest, ApprovalSubject } from '../approval/approval-subject.js';
import { Approvals } from '../approval/approvals.js';
import { Audit } from '../audit/audit.js';
import { Clock } from '../platform/clock/clock.js';
import { jstDate } from '../platform/clock/jst.js';
import type { Tx } from '../platform/database/database.js';
import type { RequestContext } from '../platform/http/request-context.js';
import type { Json } from '../platform/json.js';
import { IncidentRepository } from './incident.repository.js';
import { factView } from './present-fact.js';

/** A version of a fact under maker–checker: approved, it is what the public reads. */
@Injectable()
export class FactReleaseSubject implements ApprovalSubject, OnModuleInit {
  readonly type = 'fact_release';
  readonly makerRoles = ['team_lead', 'compliance'] as const;
  readonly checkerRoles = ['compliance'] as const;

  constructor(
    private readonly approvals: Approvals,
    private readonly incident: IncidentRepository,
    private readonly audit: Audit,
    private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.approvals.register(this);
  }

  contentHash(tx: Tx, subjectId: string): Promise<string | null> {
    return this.incident.contentHash(tx, subjectId);
  }

  /** The version to publish, and with it all others, so that the checker sees what it replaces. */
  async preview(tx: Tx, subjectId: string): Promise<Json> {
    const fact = await this.incident.findByVersion(tx, subjectId);
    return fact ? (factView(fact, jstDate(this.clock.now())) as unknown as Json) : null;
  }

  async takeEffect(tx: Tx, context: RequestContext, { id, subjectId }: ApprovalRequest): Promise<Json> {
    if (!(await this.incident.release(tx, subjectId)))
      throw new Error(`version ${subjectId} is not internal although its request was open`);
    const fact = await this.incident.findByVersion(tx, subjectId);
    const version = fact?.versions.find((row) => row.id === subjectId)?.version ?? 0;
    await this.audit.record(tx, context, {
      action: 'incident_fact.released',
      subjectType: 'incident_fact',
      subjectId: fact?.key ?? subjectId,
      before: { status: 'internal' },
      after: { status: 'released', version, approvalRequestId: id },
    });
    return { status: 'released', key: fact?.key ?? null, version };
  }

  /** The version stays internal; the request itself says who refused and why. */
  refused(): Promise<void> {
    return Promise.resolve();
  }

  /** The version stays internal, and one can ask again. */
  lapsed(): Promise<void> {
    return Promise.resolve();
  }
}
