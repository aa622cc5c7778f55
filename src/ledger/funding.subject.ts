import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { ApprovalRequest, ApprovalSubject } from '../approval/approval-subject.js';
import { Approvals } from '../approval/approvals.js';
import { Audit, systemActor, type AuditContext } from '../audit/audit.js';
import type { Tx } from '../platform/database/database.js';
import type { RequestContext } from '../platform/http/request-context.js';
import type { Json } from '../platform/json.js';
import { FundingRepository } from './funding.repository.js';
import { fundingView } from './funding.service.js';
import { postFunding } from './sql/post-funding.sql.js';
import { readProgrammeBalances } from './sql/read-accounts.sql.js';

/** A funding under maker–checker: approved, it is posted from own funds to the compensation fund on its value date. */
@Injectable()
export class FundingSubject implements ApprovalSubject, OnModuleInit {
  readonly type = 'funding';
  readonly makerRoles = ['finance_maker'] as const;
  readonly checkerRoles = ['finance_checker'] as const;

  constructor(
    private readonly approvals: Approvals,
    private readonly fundings: FundingRepository,
    private readonly audit: Audit,
  ) {}

  onModuleInit(): void {
    this.approvals.register(this);
  }

  contentHash(tx: Tx, subjectId: string): Promise<string | null> {
    return this.fundings.contentHash(tx, BigInt(subjectId));
  }

  /** The funding as it is, and what it would make of the fund. */
  async preview(tx: Tx, subjectId: string): Promise<Json> {
    const funding = await this.fundings.find(tx, BigInt(subjectId));
    if (!funding) return null;
    const { ownFundsJpy, compensationFundJpy } = await readProgrammeBalances(tx);
    const coming = funding.status === 'proposed' ? funding.amountJpy : 0n;
    return {
      funding: { ...fundingView(funding) },
      contributedJpy: (-ownFundsJpy).toString(),
      contributedAfterJpy: (coming - ownFundsJpy).toString(),
      compensationFundJpy: compensationFundJpy.toString(),
      compensationFundAfterJpy: (compensationFundJpy + coming).toString(),
    };
  }

  async takeEffect(tx: Tx, context: RequestContext, request: ApprovalRequest): Promise<Json> {
    const transferId = await postFunding(tx, BigInt(request.subjectId));
    if (transferId === null) throw notProposed(request);
    const { compensationFundJpy } = await readProgrammeBalances(tx);
    const outcome = {
      status: 'effective',
      transferId: transferId.toString(),
      compensationFundJpy: compensationFundJpy.toString(),
    };
    await this.record(tx, context, request, outcome);
    return outcome;
  }

  async refused(tx: Tx, context: RequestContext, request: ApprovalRequest, reason: string): Promise<void> {
    if (!(await this.fundings.move(tx, BigInt(request.subjectId), 'proposed', 'refused'))) throw notProposed(request);
    await this.record(tx, context, request, { status: 'refused', reason });
  }

  async lapsed(tx: Tx, request: ApprovalRequest): Promise<void> {
    if (!(await this.fundings.move(tx, BigInt(request.subjectId), 'proposed', 'lapsed'))) throw notProposed(request);
    await this.record(tx, systemActor('approval-expiry'), request, { status: 'lapsed' });
  }

  private record(
    tx: Tx,
    context: AuditContext,
    { subjectId }: ApprovalRequest,
    after: { readonly status: string; readonly [key: string]: Json },
  ): Promise<void> {
    const action = `funding.${after.status}`;
    return this.audit.record(tx, context, {
      action,
      subjectType: this.type,
      subjectId,
      before: { status: 'proposed' },
      after,
    });
  }
}

/** The request was open, so its funding must have been proposed: anything else is a mistake in the program. */
function notProposed({ subjectId }: ApprovalRequest): Error {
  return new Error(`funding ${subjectId} is not proposed although its request was open`);
}
