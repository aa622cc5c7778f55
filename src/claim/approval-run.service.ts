import { createHash } from 'node:crypto';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { ApprovalRequest } from '../approval/approval-subject.js';
import { Approvals } from '../approval/approvals.js';
import { Audit } from '../audit/audit.js';
import { Ledger } from '../ledger/ledger.js';
import { Clock } from '../platform/clock/clock.js';
import { jstDate } from '../platform/clock/jst.js';
import { Database, type Tx } from '../platform/database/database.js';
import type { RequestContext } from '../platform/http/request-context.js';
import { Commands } from '../platform/idempotency/commands.js';
import type { Json } from '../platform/json.js';
import { ApprovalRunNotFound, RunSelectsNothing } from './claim.errors.js';
import type { ApprovalRunDto, ClaimFilterDto } from './claim.dto.js';
import type { ApprovalRunView, RunPreviewView } from './approval-run.views.js';
import { previewClaims, withClaimsOfStaff, type ClaimsPreview } from './run-preview.js';
import { approveRun, skippedByRun, type SkippedByRun } from './sql/approve-run.sql.js';
import type { ClaimFilter } from './sql/claim-filter.sql.js';
import { markClaims } from './sql/claims-mark.sql.js';
import { markHoldsMet } from './sql/preview-run.sql.js';
import { insertRun, keptOfRun } from './sql/proposed-run.sql.js';
import { digestRun, selectRun } from './sql/select-run.sql.js';

/** A run may mean every claim of the programme. */
const LIMITS = { timeoutMs: 120_000 };

/** What a run keeps of its request: the filter and the reason that every decision will carry. */
interface KeptFilter {
  readonly filter: ClaimFilter;
  readonly reasonCode: string;
  readonly reasonText: string | null;
}

/** Decisions over a filter: proposed by one claims officer, approved by another, done in one statement. */
@Injectable()
export class ApprovalRunService implements OnModuleInit {
  constructor(
    private readonly database: Database,
    private readonly commands: Commands,
    private readonly approvals: Approvals,
    private readonly ledger: Ledger,
    private readonly audit: Audit,
    private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.approvals.register({
      type: 'approval_run',
      makerRoles: ['claims_officer'],
      checkerRoles: ['claims_officer'],
      contentHash: (tx, subjectId) => this.contentHash(tx, BigInt(subjectId)),
      contentStands: (tx, subjectId, hash) => this.contentStands(tx, BigInt(subjectId), hash),
      preview: async (tx, subjectId) => (await this.previewOf(tx, BigInt(subjectId))) as object as Json,
      takeEffect: (tx, context, request) => this.takeEffect(tx, context, request),
      refused: (tx, _context, request) => this.end(tx, request, 'refused'),
      lapsed: (tx, request) => this.end(tx, request, 'lapsed'),
    });
  }

  /** Says what a run over this filter would decide, or proposes it. Errors: run_selects_nothing, not_about_own_money. */
  async propose(context: RequestContext, asked: ApprovalRunDto): Promise<ApprovalRunView> {
    const filter = filterOf(asked.filter);
    if (asked.dryRun) {
      const preview = await this.database.consistentRead(
        async (tx) => withClaimsOfStaff(tx, filter, await previewClaims(tx, filter)),
        LIMITS,
      );
      return { id: null, status: null, preview, approvalRequest: null };
    }
    return this.commands.run(
      context,
      (tx) =>
        this.proposeIn(tx, context, { filter, reasonCode: asked.reasonCode, reasonText: asked.reasonText ?? null }),
      LIMITS,
    );
  }

  private async proposeIn(tx: Tx, context: RequestContext, kept: KeptFilter): Promise<ApprovalRunView> {
    const mark = await markClaims(tx);
    const claims = await previewClaims(tx, kept.filter);
    const { claimIds, digest, ...selection } = await selectRun(tx, kept.filter);
    if (claimIds === null || digest === null) throw new RunSelectsNothing();
    const contentHash = hashOf(digest, kept);
    const runId = await insertRun(tx, {
      ...selection,
      filter: kept as object as Json,
      claimIds,
      contentHash,
      namesCustomers: kept.filter.customerNos !== undefined,
      madeBy: context.actor.id,
      preview: claims as object as Json,
      mark,
    });
    await markHoldsMet(tx, kept.filter);
    const approvalRequest = await this.approvals.open(tx, context, {
      subjectType: 'approval_run',
      subjectId: runId.toString(),
      contentHash,
      amountJpy: selection.totalJpy,
      ...(kept.filter.customerNos ? { namedCustomerNos: kept.filter.customerNos } : {}),
    });
    const preview = await withClaimsOfStaff(tx, kept.filter, claims);
    return { id: runId.toString(), status: 'proposed', preview, approvalRequest };
  }

  /** Errors: approval_run_not_found. */
  show(id: string): Promise<ApprovalRunView> {
    return this.database.consistentRead(async (tx) => {
      const run = /^\d{1,18}$/.test(id) ? await tx.approvalRun.findUnique({ where: { id: BigInt(id) } }) : null;
      if (!run) throw new ApprovalRunNotFound();
      return { id, status: run.status, preview: await this.previewOf(tx, run.id), approvalRequest: null };
    }, LIMITS);
  }

  /** What the run's filter selects now. */
  private async previewOf(tx: Tx, runId: bigint): Promise<RunPreviewView> {
    const { filter } = await this.kept(tx, runId);
    const run = await keptOfRun(tx, runId);
    return withClaimsOfStaff(
      tx,
      filter,
      run ? (run.preview as object as ClaimsPreview) : await previewClaims(tx, filter),
    );
  }

  private async contentHash(tx: Tx, runId: bigint): Promise<string | null> {
    const digest = await digestRun(tx, runId);
    return digest === null ? null : hashOf(digest, await this.kept(tx, runId));
  }

  private async contentStands(tx: Tx, runId: bigint, hash: string): Promise<boolean> {
    const run = await keptOfRun(tx, runId);
    return (run ? run.contentHash : await this.contentHash(tx, runId)) === hash;
  }

  private async kept(tx: Tx, runId: bigint): Promise<KeptFilter> {
    const { filter } = await tx.approvalRun.findUniqueOrThrow({ where: { id: runId }, select: { filter: true } });
    return filter as unknown as KeptFilter;
  }

  private async takeEffect(tx: Tx, context: RequestContext, request: ApprovalRequest): Promise<Json> {
    const runId = BigInt(request.subjectId);
    const run = await tx.approvalRun.findUniqueOrThrow({
      where: { id: runId },
      select: { filter: true, claimCount: true },
    });
    const { filter, reasonCode, reasonText } = run.filter as unknown as KeptFilter;
    const done = await approveRun(tx, { id: runId, decidedBy: request.makerId, reasonCode, reasonText });
    if (done.approvedJpy > 0n) {
      await this.ledger.postTransfer(tx, {
        kind: 'approval',
        amountJpy: done.approvedJpy,
        referenceId: runId,
        postingDate: jstDate(this.clock.now()),
        label: '支払決定',
      });
    }
    const decided = done.approvedCount + done.belowOneYenCount;
    const skipped = decided === run.claimCount ? [] : (await skippedByRun(tx, runId)).map(skippedText);
    await markHoldsMet(tx, filter);
    await tx.approvalRun.update({ where: { id: runId }, data: { status: 'effective' } });
    const outcome = {
      approvedCount: done.approvedCount.toString(),
      approvedJpy: done.approvedJpy.toString(),
      belowOneYenCount: done.belowOneYenCount.toString(),
      skipped,
    };
    await this.audit.record(tx, context, {
      action: 'approval_run.effective',
      subjectType: 'approval_run',
      subjectId: request.subjectId,
      after: outcome,
      rows: { count: decided, sumJpy: done.approvedJpy, digest: done.digest },
    });
    return outcome;
  }

  private async end(tx: Tx, request: ApprovalRequest, status: 'refused' | 'lapsed'): Promise<void> {
    await tx.approvalRun.updateMany({ where: { id: BigInt(request.subjectId), status: 'proposed' }, data: { status } });
  }
}

function filterOf({ minAmountJpy, maxAmountJpy, customerNos }: ClaimFilterDto): ClaimFilter {
  return {
    ...(minAmountJpy === undefined ? {} : { minAmountJpy }),
    ...(maxAmountJpy === undefined ? {} : { maxAmountJpy }),
    ...(customerNos === undefined ? {} : { customerNos }),
  };
}

function skippedText({ reason, count, sumJpy }: SkippedByRun) {
  return { reason, count: count.toString(), sumJpy: sumJpy.toString() };
}

/** Claims with amounts and rates (the digest), and the reason under which they will be decided. */
function hashOf(digest: string, { reasonCode, reasonText }: KeptFilter): string {
  return createHash('sha256')
    .update([digest, reasonCode, reasonText ?? ''].join('\n'))
    .digest('hex');
}
