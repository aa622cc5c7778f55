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
import { approveRun, skippedByRun } from './sql/approve-run.sql.js';
import type { ClaimFilter } from './sql/claim-filter.sql.js';
import { claimsOfStaff, markHoldsMet, previewRun, tenLargest } from './sql/preview-run.sql.js';
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
      preview: async (tx, subjectId) =>
        (await this.preview(tx, (await this.kept(tx, BigInt(subjectId))).filter)) as object as Json,
      takeEffect: (tx, context, request) => this.takeEffect(tx, context, request),
      refused: (tx, _context, request) => this.end(tx, request, 'refused'),
      lapsed: (tx, request) => this.end(tx, request, 'lapsed'),
    });
  }

  /** Says what a run over this filter would decide, or proposes it. Errors: run_selects_nothing, not_about_own_money. */
  async propose(context: RequestContext, asked: ApprovalRunDto): Promise<ApprovalRunView> {
    const filter = filterOf(asked.filter);
    if (asked.dryRun) {
      const preview = await this.database.consistentRead((tx) => this.preview(tx, filter), LIMITS);
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
    const preview = await this.preview(tx, kept.filter);
    const selection = await selectRun(tx, kept.filter);
    if (selection.claimIds === null) throw new RunSelectsNothing();
    const contentHash = hashOf(selection.digest, kept);
    const [run] = await tx.$queryRaw<[{ id: bigint }]>`
      INSERT INTO approval_run (filter, claim_ids, claim_count, total_jpy, below_one_yen_count, content_hash, names_customers, made_by)
      VALUES (${JSON.stringify(kept)}::jsonb, ${selection.claimIds}::int8multirange, ${selection.count}, ${selection.totalJpy},
              ${selection.belowOneYenCount}, ${contentHash}, ${kept.filter.customerNos !== undefined}, ${context.actor.id}::uuid)
      RETURNING id`;
    await markHoldsMet(tx, kept.filter);
    const approvalRequest = await this.approvals.open(tx, context, {
      subjectType: 'approval_run',
      subjectId: run.id.toString(),
      contentHash,
      amountJpy: selection.totalJpy,
      ...(kept.filter.customerNos ? { namedCustomerNos: kept.filter.customerNos } : {}),
    });
    return { id: run.id.toString(), status: 'proposed', preview, approvalRequest };
  }

  /** Errors: approval_run_not_found. */
  show(id: string): Promise<ApprovalRunView> {
    return this.database.consistentRead(async (tx) => {
      const run = /^\d{1,18}$/.test(id) ? await tx.approvalRun.findUnique({ where: { id: BigInt(id) } }) : null;
      if (!run) throw new ApprovalRunNotFound();
      const { filter } = run.filter as unknown as KeptFilter;
      return { id, status: run.status, preview: await this.preview(tx, filter), approvalRequest: null };
    }, LIMITS);
  }

  private async preview(tx: Tx, filter: ClaimFilter): Promise<RunPreviewView> {
    const groups = await previewRun(tx, filter);
    const text = ({ count, sumJpy }: { count: bigint; sumJpy: bigint }) => ({
      count: count.toString(),
      sumJpy: sumJpy.toString(),
    });
    const classesOf = (name: string) => groups.filter(({ group }) => group === name);
    const line = (name: string) =>
      text(
        classesOf(name).reduce((all, row) => ({ count: all.count + row.count, sumJpy: all.sumJpy + row.sumJpy }), {
          count: 0n,
          sumJpy: 0n,
        }),
      );
    return {
      payable: line('payable'),
      belowOneYen: line('below_one_yen'),
      excluded: { under_review: line('under_review'), not_pending: line('not_pending') },
      claimsOfStaff: text(await claimsOfStaff(tx, filter)),
      tenLargest: (await tenLargest(tx, filter)).map(({ claimNo, customerNo, amountJpy }) => ({
        claimNo,
        customerNo,
        amountJpy: amountJpy.toString(),
      })),
      distribution: classesOf('payable').map(({ fromJpy, ...row }) => ({ fromJpy, ...text(row) })),
    };
  }

  private async contentHash(tx: Tx, runId: bigint): Promise<string | null> {
    const digest = await digestRun(tx, runId);
    return digest === null ? null : hashOf(digest, await this.kept(tx, runId));
  }

  private async kept(tx: Tx, runId: bigint): Promise<KeptFilter> {
    const { filter } = await tx.approvalRun.findUniqueOrThrow({ where: { id: runId }, select: { filter: true } });
    return filter as unknown as KeptFilter;
  }

  private async takeEffect(tx: Tx, context: RequestContext, request: ApprovalRequest): Promise<Json> {
    const runId = BigInt(request.subjectId);
    const { filter, reasonCode, reasonText } = await this.kept(tx, runId);
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
    const skipped = (await skippedByRun(tx, runId)).map(({ reason, count, sumJpy }) => ({
      reason,
      count: count.toString(),
      sumJpy: sumJpy.toString(),
    }));
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
      rows: { count: done.approvedCount + done.belowOneYenCount, sumJpy: done.approvedJpy, digest: done.digest },
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

/** Claims with amounts and rates (the digest), and the reason under which they will be decided. */
function hashOf(digest: string, { reasonCode, reasonText }: KeptFilter): string {
  return createHash('sha256')
    .update([digest, reasonCode, reasonText ?? ''].join('\n'))
    .digest('hex');
}
