import { Injectable } from '@nestjs/common';
import type { Role } from '../identity/role.js';
import { Database } from '../platform/database/database.js';
import type { RequestContext } from '../platform/http/request-context.js';
import { decodeBigintCursor, toPage, type Page } from '../platform/pagination/page.js';
import { parseClaimNo, type ClaimNo } from './claim-no.js';
import type { ClaimListQuery } from './claim.dto.js';
import { ClaimNoMistyped, ClaimNotFound } from './claim.errors.js';
import { ClaimRepository, type ClaimDetailRow, type HoldRow, type ShownClaim } from './claim.repository.js';
import type { ClaimDetailView, ClaimHoldView, ClaimView, WithdrawalRestriction } from './claim.views.js';

@Injectable()
export class ClaimService {
  constructor(
    private readonly database: Database,
    private readonly claims: ClaimRepository,
  ) {}

  /** Without one's own and those of relatives. Errors: cursor_invalid. */
  list({ actor }: RequestContext, query: ClaimListQuery): Promise<Page<ClaimView>> {
    return this.database.consistentRead(async (tx) => {
      const rows = await this.claims.list(tx, actor.id, query, decodeBigintCursor(query.cursor));
      return toPage(rows, query.limit, (row) => row.id.toString(), claimView);
    });
  }

  /** Errors: claim_no_mistyped, claim_not_found, also for one's own and a relative's. */
  show(context: RequestContext, claimNo: string): Promise<ClaimDetailView> {
    return this.database.consistentRead(async (tx) => {
      const row = await this.claims.find(tx, readClaimNo(claimNo));
      if (!row || (await this.claims.isOwn(tx, context.actor.id, row.holder.customerNo))) throw new ClaimNotFound();
      return claimDetailView(row, context.actor.role as Role);
    });
  }
}

/** Errors: claim_no_mistyped. */
export function readClaimNo(text: string): ClaimNo {
  const claimNo = parseClaimNo(text);
  if (!claimNo) throw new ClaimNoMistyped();
  return claimNo;
}

/** Deceased, restricted and unverified holders are credited all the same; wallets need to know that they cannot withdraw. */
export function withdrawalRestriction(holder: {
  accountStatus: string;
  identityStatus: string;
}): WithdrawalRestriction | null {
  if (holder.accountStatus === 'deceased') return 'deceased';
  if (holder.accountStatus === 'restricted') return 'restricted';
  return holder.identityStatus === 'verified' ? null : 'identity_not_verified';
}

export function claimView(row: ShownClaim): ClaimView {
  return {
    claimNo: row.claimNo,
    customerNo: row.holder.customerNo,
    status: row.status,
    underReview: row.held,
    quantityXem: row.quantityXem.toFixed(6),
    priceJpyPerXem: row.priceJpyPerXem.toFixed(),
    roundingRule: row.roundingRule,
    amountJpy: row.amountJpy.toString(),
    withdrawalRestriction: withdrawalRestriction(row.holder),
    rateId: row.rateId,
    createdAt: row.createdAt.toISOString(),
  };
}

/** Holds are told apart only for compliance: for everyone else each of them reads `underReview`, whatever it is. */
export function claimDetailView(row: ClaimDetailRow, role: Role): ClaimDetailView {
  return {
    ...claimView(row),
    decisions: row.decisions.map((decision) => ({
      version: decision.version,
      decision: decision.decision,
      reasonCode: decision.reasonCode,
      reasonText: decision.reasonText,
      decidedBy: decision.decidedBy,
      approvalRunId: decision.approvalRunId?.toString() ?? null,
      decidedAt: decision.decidedAt.toISOString(),
    })),
    ...(role === 'compliance' ? { holds: row.holds.map(holdView) } : {}),
  };
}

function holdView(hold: HoldRow): ClaimHoldView {
  const { visibility, status, reasonCode, reasonText, authority, caseNumber, placedBy } = hold;
  return {
    id: hold.id.toString(),
    visibility,
    status,
    reasonCode,
    reasonText,
    authority,
    caseNumber,
    placedBy,
    placedAt: hold.placedAt.toISOString(),
    releasedAt: hold.releasedAt?.toISOString() ?? null,
  };
}
