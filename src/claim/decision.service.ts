import { createHash } from 'node:crypto';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { ApprovalRequestView } from '../approval/approval.dto.js';
import type { ApprovalRequest, ApprovalSubject } from '../approval/approval-subject.js';
import { Approvals } from '../approval/approvals.js';
import { Audit } from '../audit/audit.js';
import type { Role } from '../identity/role.js';
import { Ledger } from '../ledger/ledger.js';
import { Clock } from '../platform/clock/clock.js';
import { jstDate } from '../platform/clock/jst.js';
import type { Tx } from '../platform/database/database.js';
import type { RequestContext } from '../platform/http/request-context.js';
import { Commands } from '../platform/idempotency/commands.js';
import type { Json } from '../platform/json.js';
import type { DecideClaimDto } from './claim.dto.js';
import {
  ClaimAlreadyProposed,
  ClaimBelowOneYen,
  ClaimInLiveBatch,
  ClaimNotFound,
  ClaimStateConflict,
  ClaimUnderReview,
  OwnClaim,
} from './claim.errors.js';
import { ClaimRepository, type ClaimDetailRow } from './claim.repository.js';
import { claimDetailView, claimView, readClaimNo } from './claim.service.js';
import { needsTwoPeople, VERDICTS, type Verdict } from './claim.state.js';
import type { ClaimChangeView } from './claim.views.js';
import { decideClaim } from './sql/decide-claim.sql.js';

interface Decision {
  readonly verdict: Verdict;
  readonly reasonCode: string;
  readonly reasonText: string | null;
  readonly decidedBy: string;
  readonly approvalRequestId: string | null;
}

/** Decisions about one claim: alone where the amount allows it, otherwise through the one approval mechanism. */
@Injectable()
export class DecisionService implements OnModuleInit {
  constructor(
    private readonly commands: Commands,
    private readonly claims: ClaimRepository,
    private readonly approvals: Approvals,
    private readonly ledger: Ledger,
    private readonly audit: Audit,
    private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.approvals.register(this.subject('claim_decision'));
    this.approvals.register(this.subject('claim_reopening'));
  }

  /**
   * Decides, or asks a second person to. Errors: claim_not_found, claim_state_conflict, claim_under_review, claim_below_one_yen,
   * claim_in_live_batch, claim_already_proposed, not_about_own_money, fund_short.
   */
  decide(context: RequestContext, claimNo: string, asked: DecideClaimDto): Promise<ClaimChangeView> {
    return this.commands.run(context, async (tx) => {
      const claim = await this.claims.lock(tx, readClaimNo(claimNo));
      if (!claim) throw new ClaimNotFound();
      if (await this.claims.isOwn(tx, context.actor.id, claim.holder.customerNo)) throw new OwnClaim();
      await this.assertPossible(tx, claim, asked.decision);
      const approvalRequest = needsTwoPeople(asked.decision, claim.amountJpy)
        ? await this.propose(tx, context, claim, asked)
        : null;
      if (!approvalRequest) {
        const { decision: verdict, reasonCode, reasonText = null } = asked;
        await this.apply(tx, context, claim, {
          verdict,
          reasonCode,
          reasonText,
          decidedBy: context.actor.id,
          approvalRequestId: null,
        });
      }
      const after = await this.claims.lockById(tx, claim.id);
      if (!after) throw new ClaimNotFound();
      return { claim: claimDetailView(after, context.actor.role as Role), approvalRequest };
    });
  }

  private async assertPossible(tx: Tx, claim: ClaimDetailRow, verdict: Verdict): Promise<void> {
    if (claim.status !== VERDICTS[verdict].from) throw new ClaimStateConflict(claim.status);
    if (verdict === 'approve' && claim.held) throw new ClaimUnderReview();
    if (verdict === 'approve' && claim.amountJpy === 0n) throw new ClaimBelowOneYen();
    if (verdict === 'withdraw' && (await this.claims.isInLiveBatch(tx, claim.id))) throw new ClaimInLiveBatch();
  }

  private async propose(
    tx: Tx,
    context: RequestContext,
    claim: ClaimDetailRow,
    asked: DecideClaimDto,
  ): Promise<ApprovalRequestView> {
    if ((await tx.claimProposal.count({ where: { claimId: claim.id, status: 'proposed' } })) > 0)
      throw new ClaimAlreadyProposed();
    const { decision, reasonCode, reasonText = null } = asked;
    // Plain SQL, because the client would send a status and the application may not choose one.
    const [proposal] = await tx.$queryRaw<[{ id: bigint }]>`
      INSERT INTO claim_proposal (claim_id, version, decision, reason_code, reason_text, made_by)
      VALUES (${claim.id}, ${claim.version + 1}, ${decision}::claim_verdict, ${reasonCode}, ${reasonText}, ${context.actor.id}::uuid)
      RETURNING id`;
    const contentHash = await this.contentHash(tx, proposal.id.toString());
    return this.approvals.open(tx, context, {
      subjectType: subjectTypeOf(decision),
      subjectId: proposal.id.toString(),
      contentHash: contentHash ?? '',
      amountJpy: claim.amountJpy,
      namedCustomerNos: [claim.holder.customerNo],
    });
  }

  /** Moves the claim and, when it is approved or the approval is taken back, the money with it. */
  private async apply(tx: Tx, context: RequestContext, claim: ClaimDetailRow, decision: Decision): Promise<void> {
    const { from, to } = VERDICTS[decision.verdict];
    const moved = await decideClaim(tx, { claimId: claim.id, fromVersion: claim.version, to, ...decision });
    if (!moved) throw new ClaimStateConflict(claim.status);
    if (decision.verdict === 'approve' || decision.verdict === 'withdraw') {
      await this.ledger.postTransfer(tx, {
        kind: decision.verdict === 'approve' ? 'approval' : 'approval_withdrawal',
        amountJpy: claim.amountJpy,
        referenceId: claim.id,
        postingDate: jstDate(this.clock.now()),
        label: decision.verdict === 'approve' ? '支払決定' : '判定取消',
      });
    }
    await this.audit.record(tx, context, {
      action: `claim.${to}`,
      subjectType: 'claim',
      subjectId: claim.claimNo,
      before: { status: from, version: claim.version },
      after: {
        status: to,
        version: claim.version + 1,
        reasonCode: decision.reasonCode,
        amountJpy: claim.amountJpy.toString(),
      },
    });
  }

  private subject(type: 'claim_decision' | 'claim_reopening'): ApprovalSubject {
    const end = async (tx: Tx, request: ApprovalRequest, status: 'refused' | 'lapsed') => {
      await tx.claimProposal.updateMany({
        where: { id: BigInt(request.subjectId), status: 'proposed' },
        data: { status },
      });
    };
    return {
      type,
      makerRoles: ['claims_officer'],
      checkerRoles: ['claims_officer'],
      contentHash: (tx, subjectId) => this.contentHash(tx, subjectId),
      preview: (tx, subjectId) => this.preview(tx, subjectId),
      takeEffect: (tx, context, request) => this.takeEffect(tx, context, request),
      refused: (tx, _context, request) => end(tx, request, 'refused'),
      lapsed: (tx, request) => end(tx, request, 'lapsed'),
    };
  }

  /** Claim, amount, state and version it was in: a claim that has moved on since is another content. */
  private async contentHash(tx: Tx, proposalId: string): Promise<string | null> {
    const proposal = await tx.claimProposal.findUnique({ where: { id: BigInt(proposalId) }, include: { claim: true } });
    if (!proposal || proposal.status !== 'proposed') return null;
    const { claim, decision, version, reasonCode, reasonText } = proposal;
    const content = [
      claim.claimNo,
      claim.amountJpy,
      claim.rateId,
      claim.status,
      claim.version,
      decision,
      version,
      reasonCode,
      reasonText ?? '',
    ];
    return createHash('sha256').update(content.join('\n')).digest('hex');
  }

  private async preview(tx: Tx, proposalId: string): Promise<Json> {
    const proposal = await tx.claimProposal.findUnique({
      where: { id: BigInt(proposalId) },
      include: {
        claim: { include: { holder: { select: { customerNo: true, accountStatus: true, identityStatus: true } } } },
      },
    });
    if (!proposal) return null;
    const { decision, reasonCode, reasonText } = proposal;
    return { decision, reasonCode, reasonText, claim: { ...claimView(proposal.claim) } };
  }

  private async takeEffect(tx: Tx, context: RequestContext, request: ApprovalRequest): Promise<Json> {
    const proposal = await tx.claimProposal.findUniqueOrThrow({ where: { id: BigInt(request.subjectId) } });
    const claim = await this.claims.lockById(tx, proposal.claimId);
    if (!claim) throw new ClaimNotFound();
    await this.assertPossible(tx, claim, proposal.decision);
    const { decision: verdict, reasonCode, reasonText, madeBy } = proposal;
    await this.apply(tx, context, claim, {
      verdict,
      reasonCode,
      reasonText,
      decidedBy: madeBy,
      approvalRequestId: request.id,
    });
    await tx.claimProposal.update({ where: { id: proposal.id }, data: { status: 'effective' } });
    return { claimNo: claim.claimNo, decision: verdict, amountJpy: claim.amountJpy.toString() };
  }
}

function subjectTypeOf(verdict: Verdict): 'claim_decision' | 'claim_reopening' {
  return verdict === 'reopen' ? 'claim_reopening' : 'claim_decision';
}
