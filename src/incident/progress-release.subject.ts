import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { ApprovalRequest, ApprovalSubject } from '../approval/approval-subject.js';
import { Approvals } from '../approval/approvals.js';
import { Audit } from '../audit/audit.js';
import type { Tx } from '../platform/database/database.js';
import type { RequestContext } from '../platform/http/request-context.js';
import type { Json } from '../platform/json.js';
import { ProgressRepository } from './progress.repository.js';
import { ProgressService } from './progress.service.js';

/** Publishing the progress under maker–checker: from the approval on, everyone may read it. */
@Injectable()
export class ProgressReleaseSubject implements ApprovalSubject, OnModuleInit {
  readonly type = 'progress_release';
  readonly makerRoles = ['finance_maker', 'compliance'] as const;
  readonly checkerRoles = ['finance_checker', 'compliance'] as const;

  constructor(
    private readonly approvals: Approvals,
    private readonly releases: ProgressRepository,
    private readonly progress: ProgressService,
    private readonly audit: Audit,
  ) {}

  onModuleInit(): void {
    this.approvals.register(this);
  }

  contentHash(tx: Tx, subjectId: string): Promise<string | null> {
    return this.releases.contentHash(tx, subjectId);
  }

  /** The figures as the public would read them now. */
  async preview(tx: Tx): Promise<Json> {
    return (await this.progress.figures(tx)) as unknown as Json;
  }

  async takeEffect(tx: Tx, context: RequestContext, { id, subjectId }: ApprovalRequest): Promise<Json> {
    if (!(await this.releases.release(tx, subjectId)))
      throw new Error(`progress release ${subjectId} does not wait although its request was open`);
    await this.audit.record(tx, context, {
      action: 'progress.released',
      subjectType: this.type,
      subjectId,
      after: { status: 'released', approvalRequestId: id },
    });
    return { status: 'released' };
  }

  /** Nothing was published; the request itself says who refused and why. */
  refused(): Promise<void> {
    return Promise.resolve();
  }

  /** Nothing was published, and one can ask again. */
  lapsed(): Promise<void> {
    return Promise.resolve();
  }
}
