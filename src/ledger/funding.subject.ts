import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { ApprovalRequest, ApprovalSubject } from '../approval/approval-subject.js';
import { Approvals } from '../approval/approvals.js';
import { Audit, systemActor } from '../audit/audit.js';
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
    if (transferId === null) throw new Error(`funding ${request.subjectId} was approved but is not proposed`);
    const { compensationFundJpy } = await readProgrammeBalances(tx);
    const outcome = {
      status: 'effective',
      transferId: transferId.toString(),
      compensationFundJpy: compensationFundJpy.toString(),
    };
    await this.audit.record(tx, context, {
      action: 'funding.effective',
      subjectType: this.type,
      subjectId: request.subjectId,
      before: { status: 'proposed' },
      after: outcome,
    });
    return outcome;
  }

  async refused(tx: Tx, context: RequestContext, request: ApprovalRequest, reason: string): Promise<void> {
    await this.fundings.move(tx, BigInt(request.subjectId), 'proposed', 'refused');
    const { type: subjectType } = this;
    await this.audit.record(tx, context, {
      action: 'funding.refused',
      subjectType,
      subjectId: request.subjectId,
      before: { status: 'proposed' },
      after: { status: 'refused', reason },
    });
  }

  async lapsed(tx: Tx, request: ApprovalRequest): Promise<void> {
    await this.fundings.move(tx, BigInt(request.subjectId), 'proposed', 'lapsed');
    const { type: subjectType } = this;
    await this.audit.record(tx, systemActor('approval-expiry'), {
      action: 'funding.lapsed',
      subjectType,
      subjectId: request.subjectId,
      before: { status: 'proposed' },
      after: { status: 'lapsed' },
    });
  }
}
