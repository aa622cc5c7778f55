import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { ApprovalRequest, ApprovalSubject } from '../approval/approval-subject.js';
import { Approvals } from '../approval/approvals.js';
import { Audit } from '../audit/audit.js';
import type { Tx } from '../platform/database/database.js';
import type { RequestContext } from '../platform/http/request-context.js';
import type { Json } from '../platform/json.js';
import { CreditBatchJobs } from './credit-batch-jobs.js';
import { CreditBatchNotFound } from './credit-batch.errors.js';
import { CreditBatchPreviews } from './credit-batch-previews.js';
import { CreditBatchReleases } from './credit-batch-releases.js';
import { CreditBatchRepository, type CreditBatchRow } from './credit-batch.repository.js';
import { progressOf } from './present-batch.js';
import { releaseItems } from './sql/release-items.sql.js';

/** What two people decide about batches: that one may be executed, go on after an alert, or end early. */
@Injectable()
export class CreditBatchSubjects implements OnModuleInit {
  constructor(
    private readonly approvals: Approvals,
    private readonly batches: CreditBatchRepository,
    private readonly previews: CreditBatchPreviews,
    private readonly releases: CreditBatchReleases,
    private readonly jobs: CreditBatchJobs,
    private readonly audit: Audit,
  ) {}

  onModuleInit(): void {
    this.approvals.register(this.execution());
    this.approvals.register(this.aboutPause('batch_resume', (tx, row) => this.resume(tx, row)));
    this.approvals.register(this.aboutPause('batch_stop', (tx, row) => this.stop(tx, row)));
  }

  private execution(): ApprovalSubject {
    return {
      type: 'credit_batch',
      makerRoles: ['finance_maker'],
      checkerRoles: ['finance_checker'],
      contentHash: async (tx, subjectId) => {
        const row = await this.batches.find(tx, BigInt(subjectId));
        return row?.status === 'submitted' ? this.batches.contentHash(tx, row.id) : null;
      },
      preview: async (tx, subjectId) => ({ ...(await this.previews.preview(tx, BigInt(subjectId))) }) as object as Json,
      takeEffect: async (tx, context, request) => {
        const row = await this.lock(tx, request);
        await this.batches.change(tx, row.id, 'submitted', { status: 'approved' });
        await this.releases.makeIfNeeded(tx, row);
        await this.jobs.add(tx, row.id, row.notBefore);
        return this.ended(tx, context, row, 'approved');
      },
      refused: async (tx, context, request, reason) => {
        const row = await this.lock(tx, request);
        await releaseItems(tx, row.id);
        await this.batches.change(tx, row.id, 'submitted', { status: 'rejected' });
        await this.ended(tx, context, row, 'rejected', reason);
      },
      // The draft and its reservation stay: submitting again is one step.
      lapsed: async (tx, request) => {
        const row = await this.lock(tx, request);
        if (row.status === 'submitted') await this.batches.change(tx, row.id, 'submitted', { status: 'draft' });
      },
    };
  }

  /** A request about one pause of one batch; refused or lapsed, the batch stays paused. */
  private aboutPause(
    type: 'batch_resume' | 'batch_stop',
    effect: (tx: Tx, row: CreditBatchRow) => Promise<string>,
  ): ApprovalSubject {
    return {
      type,
      makerRoles: ['finance_maker', 'finance_checker'],
      checkerRoles: ['finance_checker'],
      contentHash: (tx, subjectId) => this.batches.pauseHash(tx, BigInt(subjectId)),
      preview: async (tx, subjectId) => {
        const row = await this.batches.find(tx, BigInt(subjectId));
        if (!row) throw new CreditBatchNotFound();
        return { ...progressOf(row), pauseKind: row.pauseKind, pauseReason: row.pauseReason };
      },
      takeEffect: async (tx, context, request) => {
        const row = await this.lock(tx, request);
        const verb = await effect(tx, row);
        const other = type === 'batch_stop' ? 'batch_resume' : 'batch_stop';
        await this.approvals.withdraw(tx, context, other, request.subjectId, verb);
        return this.ended(tx, context, row, verb);
      },
      refused: async () => undefined,
      lapsed: async () => undefined,
    };
  }

  private async resume(tx: Tx, row: CreditBatchRow): Promise<string> {
    await this.batches.change(tx, row.id, 'paused', { status: 'executing' });
    await this.jobs.add(tx, row.id);
    return 'resumed';
  }

  private async stop(tx: Tx, row: CreditBatchRow): Promise<string> {
    await releaseItems(tx, row.id);
    await this.batches.change(tx, row.id, 'paused', { status: 'stopped' });
    return 'stopped';
  }

  private async lock(tx: Tx, request: ApprovalRequest): Promise<CreditBatchRow> {
    const row = await this.batches.lock(tx, BigInt(request.subjectId));
    if (!row) throw new CreditBatchNotFound();
    return row;
  }

  private async ended(
    tx: Tx,
    context: RequestContext,
    before: CreditBatchRow,
    verb: string,
    reason: string | null = null,
  ): Promise<Json> {
    const row = await this.batches.find(tx, before.id);
    if (!row) throw new CreditBatchNotFound();
    const outcome = { ...progressOf(row) } as object as Json;
    await this.audit.record(tx, context, {
      action: `credit_batch.${verb}`,
      subjectType: 'credit_batch',
      subjectId: row.id.toString(),
      before: { status: before.status },
      after: { status: row.status, itemCount: row.itemCount.toString(), totalJpy: row.totalJpy.toString(), reason },
    });
    return outcome;
  }
}
