import { createHash } from 'node:crypto';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { ApprovalRequest, ApprovalSubject } from '../approval/approval-subject.js';
import { Approvals } from '../approval/approvals.js';
import { Audit } from '../audit/audit.js';
import type { Role } from '../identity/role.js';
import { Clock } from '../platform/clock/clock.js';
import type { Tx } from '../platform/database/database.js';
import type { RequestContext } from '../platform/http/request-context.js';
import { Commands } from '../platform/idempotency/commands.js';
import type { Json } from '../platform/json.js';
import { CONFIDENTIAL_HOLD_REASONS, type PlaceHoldDto, type ReleaseHoldDto } from './claim.dto.js';
import {
  ClaimCredited,
  ClaimNotFound,
  ConfidentialHoldIncomplete,
  ConfidentialHoldNeedsCompliance,
  ContactNotVerified,
  NoHoldToRelease,
  OwnClaim,
} from './claim.errors.js';
import { ClaimRepository, type ClaimDetailRow, type HoldRow } from './claim.repository.js';
import { claimDetailView, readClaimNo } from './claim.service.js';
import type { ClaimChangeView } from './claim.views.js';

/** A slip may be taken back by whoever made it, for this long and as long as nothing has met the hold. */
const SLIP_MS = 10 * 60_000;

/**
 * Holds on claims. Everyone but compliance sees one neutral state, `underReview`, and gets the same answers whether a hold
 * is open or confidential; therefore releasing names no hold, except for compliance.
 */
@Injectable()
export class HoldService implements OnModuleInit {
  constructor(
    private readonly commands: Commands,
    private readonly claims: ClaimRepository,
    private readonly approvals: Approvals,
    private readonly audit: Audit,
    private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.approvals.register(this.subject('hold_placement', 'proposed', 'active'));
    this.approvals.register(this.subject('hold_release', 'active', 'released'));
  }

  /** Errors: claim_not_found, claim_credited, not_about_own_money, confidential_hold_needs_compliance, confidential_hold_incomplete. */
  place(context: RequestContext, claimNo: string, asked: PlaceHoldDto): Promise<ClaimChangeView> {
    return this.commands.run(context, async (tx) => {
      const confidential =
        asked.visibility === 'confidential' ||
        (CONFIDENTIAL_HOLD_REASONS as readonly string[]).includes(asked.reasonCode);
      if (confidential && context.actor.role !== 'compliance') throw new ConfidentialHoldNeedsCompliance();
      if (confidential && !(asked.authority && asked.caseNumber)) throw new ConfidentialHoldIncomplete();
      const claim = await this.lock(tx, context, claimNo);
      if (claim.status === 'credited') throw new ClaimCredited();
      const hold = await tx.claimHold.create({
        data: {
          claimId: claim.id,
          visibility: confidential ? 'confidential' : 'open',
          status: confidential ? 'proposed' : 'active',
          reasonCode: asked.reasonCode,
          reasonText: asked.reasonText,
          authority: asked.authority ?? null,
          caseNumber: asked.caseNumber ?? null,
          contentHash: hashOf(claim.claimNo, asked),
          placedBy: context.actor.id,
        },
      });
      const approvalRequest = confidential
        ? await this.ask(tx, context, 'hold_placement', hold.id, hold.contentHash, claim)
        : null;
      if (!confidential) await this.record(tx, context, claim, hold, 'hold.placed');
      return this.answer(tx, context, claim.id, approvalRequest);
    });
  }

  /**
   * Compliance asks for the release of one confidential hold; everyone else releases the open ones they may release alone.
   * Errors: claim_not_found, not_about_own_money, no_hold_to_release (the same whatever the reason is), contact_not_verified
   * (only where that alone keeps a hold from being released, and only for those who know of it).
   */
  release(context: RequestContext, claimNo: string, asked: ReleaseHoldDto): Promise<ClaimChangeView> {
    return this.commands.run(context, async (tx) => {
      const claim = await this.lock(tx, context, claimNo);
      if (context.actor.role === 'compliance' && asked.holdId !== undefined) {
        const hold = claim.holds.find(
          ({ id, visibility, status }) =>
            id.toString() === asked.holdId && visibility === 'confidential' && status === 'active',
        );
        if (!hold) throw new NoHoldToRelease();
        return this.answer(
          tx,
          context,
          claim.id,
          await this.ask(tx, context, 'hold_release', hold.id, hold.contentHash, claim),
        );
      }
      const mine = claim.holds.filter((hold) => this.mayReleaseAlone(hold, context));
      const contactVerified = await this.claims.isContactVerified(tx, claim.holderId);
      const releasable = mine.filter((hold) => contactVerified || !isForChangedContact(hold));
      if (releasable.length === 0) throw mine.length > 0 ? new ContactNotVerified() : new NoHoldToRelease();
      for (const hold of releasable) {
        await tx.claimHold.update({
          where: { id: hold.id },
          data: {
            status: 'released',
            releasedBy: context.actor.id,
            releasedAt: this.clock.now(),
            releaseReason: asked.releaseReason,
          },
        });
        await this.record(tx, context, claim, hold, 'hold.released');
      }
      return this.answer(tx, context, claim.id, null);
    });
  }

  private mayReleaseAlone(hold: HoldRow, context: RequestContext): boolean {
    if (hold.visibility !== 'open' || hold.status !== 'active') return false;
    if (hold.placedBy !== context.actor.id) return context.actor.role === 'claims_officer';
    return hold.metAt === null && this.clock.now().getTime() - hold.placedAt.getTime() < SLIP_MS;
  }

  private async lock(tx: Tx, context: RequestContext, claimNo: string): Promise<ClaimDetailRow> {
    const claim = await this.claims.lock(tx, readClaimNo(claimNo));
    if (!claim) throw new ClaimNotFound();
    if (await this.claims.isOwn(tx, context.actor.id, claim.holder.customerNo)) throw new OwnClaim();
    return claim;
  }

  private ask(
    tx: Tx,
    context: RequestContext,
    subjectType: string,
    holdId: bigint,
    contentHash: string,
    claim: ClaimDetailRow,
  ) {
    return this.approvals.open(tx, context, {
      subjectType,
      subjectId: holdId.toString(),
      contentHash,
      amountJpy: null,
      namedCustomerNos: [claim.holder.customerNo],
    });
  }

  private async answer(
    tx: Tx,
    context: RequestContext,
    claimId: bigint,
    approvalRequest: ClaimChangeView['approvalRequest'],
  ): Promise<ClaimChangeView> {
    const claim = await this.claims.lockById(tx, claimId);
    if (!claim) throw new ClaimNotFound();
    return { claim: claimDetailView(claim, context.actor.role as Role), approvalRequest };
  }

  /** The trail names the hold and the claim, not the reason; that of a confidential hold is not for auditors. */
  private record(
    tx: Tx,
    context: RequestContext,
    claim: { claimNo: string },
    hold: { id: bigint; visibility: string },
    action: string,
  ): Promise<void> {
    return this.audit.record(tx, context, {
      action,
      subjectType: 'claim',
      subjectId: claim.claimNo,
      after: { holdId: hold.id.toString() },
      confidential: hold.visibility === 'confidential',
    });
  }

  private subject(
    type: 'hold_placement' | 'hold_release',
    from: 'proposed' | 'active',
    to: 'active' | 'released',
  ): ApprovalSubject {
    const find = (tx: Tx, id: string) =>
      tx.claimHold.findFirst({ where: { id: BigInt(id), status: from }, include: { claim: true } });
    return {
      type,
      makerRoles: ['compliance'],
      checkerRoles: ['compliance'],
      confidential: true,
      contentHash: async (tx, id) => (await find(tx, id))?.contentHash ?? null,
      preview: async (tx, id) => {
        const hold = await find(tx, id);
        if (!hold) return null;
        const { claim, reasonCode, reasonText, authority, caseNumber } = hold;
        return {
          claimNo: claim.claimNo,
          amountJpy: claim.amountJpy.toString(),
          status: claim.status,
          reasonCode,
          reasonText,
          authority,
          caseNumber,
        };
      },
      takeEffect: (tx, context, request) => this.takeEffect(tx, context, request, to),
      refused: async (tx, _context, request) => {
        if (type === 'hold_placement') await this.close(tx, request);
      },
      lapsed: async (tx, request) => {
        if (type === 'hold_placement') await this.close(tx, request);
      },
    };
  }

  private async close(tx: Tx, request: ApprovalRequest): Promise<void> {
    await tx.claimHold.updateMany({
      where: { id: BigInt(request.subjectId), status: 'proposed' },
      data: { status: 'refused' },
    });
  }

  private async takeEffect(
    tx: Tx,
    context: RequestContext,
    request: ApprovalRequest,
    to: 'active' | 'released',
  ): Promise<Json> {
    const id = BigInt(request.subjectId);
    const release = {
      status: to,
      releasedBy: request.makerId,
      releasedAt: this.clock.now(),
      releaseReason: `approval request ${request.id}`,
    } as const;
    const hold = await tx.claimHold.update({
      where: { id },
      data: to === 'active' ? { status: to } : release,
      include: { claim: true },
    });
    await this.record(tx, context, hold.claim, hold, to === 'active' ? 'hold.placed' : 'hold.released');
    return { claimNo: hold.claim.claimNo, holdId: request.subjectId };
  }
}

/** Placed by the database itself; one that a person placed for the same reason is like any other. */
function isForChangedContact({ reasonCode, placedBy }: HoldRow): boolean {
  return reasonCode === 'contact_changed' && placedBy === null;
}

function hashOf(claimNo: string, { visibility, reasonCode, reasonText, authority, caseNumber }: PlaceHoldDto): string {
  return createHash('sha256')
    .update([claimNo, visibility, reasonCode, reasonText, authority ?? '', caseNumber ?? ''].join('\n'))
    .digest('hex');
}
