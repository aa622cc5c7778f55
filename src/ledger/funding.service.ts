import { Injectable } from '@nestjs/common';
import { Approvals } from '../approval/approvals.js';
import { Audit } from '../audit/audit.js';
import { Clock } from '../platform/clock/clock.js';
import { dayOf, jstDate } from '../platform/clock/jst.js';
import { Database, type Tx } from '../platform/database/database.js';
import type { RequestContext } from '../platform/http/request-context.js';
import { Commands } from '../platform/idempotency/commands.js';
import { decodeBigintCursor, toPage, type Page, type PageQuery } from '../platform/pagination/page.js';
import type { FundingView, ProposedFundingView, ProposeFundingDto } from './funding.dto.js';
import { FundingRepository, type FundingRow } from './funding.repository.js';
import {
  BankReferenceUsed,
  FundingNotFound,
  FundingNotLapsed,
  FundingOfAnotherMaker,
  ValueDateInFuture,
} from './ledger.errors.js';

/** Proposals to count cash of the company into the fund; what takes effect is in funding.subject.ts. */
@Injectable()
export class FundingService {
  constructor(
    private readonly database: Database,
    private readonly commands: Commands,
    private readonly fundings: FundingRepository,
    private readonly approvals: Approvals,
    private readonly audit: Audit,
    private readonly clock: Clock,
  ) {}

  list(query: PageQuery): Promise<Page<FundingView>> {
    const beforeId = decodeBigintCursor(query.cursor);
    return this.database.consistentRead(async (tx) => {
      const rows = await this.fundings.list(tx, query.limit, beforeId);
      return toPage(rows, query.limit, (row) => row.id.toString(), fundingView);
    });
  }

  /** Errors: value_date_in_future, bank_reference_used, and those of asking for approval. */
  propose(context: RequestContext, proposal: ProposeFundingDto): Promise<ProposedFundingView> {
    return this.commands.run(context, async (tx) => {
      const today = jstDate(this.clock.now());
      if (proposal.valueDate > today) throw new ValueDateInFuture(today);
      const id = await this.fundings.insert(tx, context.actor.id, proposal);
      if (id === null) throw new BankReferenceUsed(await this.fundings.findByReference(tx, proposal.bankReference));
      return this.ask(tx, context, id, 'funding.proposed');
    });
  }

  /** Asks again for a funding that nobody decided about. Errors: funding_not_found, funding_of_another_maker, funding_not_lapsed, bank_reference_used. */
  submit(context: RequestContext, fundingId: bigint): Promise<ProposedFundingView> {
    return this.commands.run(context, async (tx) => {
      const funding = await this.fundings.find(tx, fundingId);
      if (!funding) throw new FundingNotFound();
      if (funding.madeBy !== context.actor.id) throw new FundingOfAnotherMaker();
      if (funding.status !== 'lapsed') throw new FundingNotLapsed(funding.status);
      const used = await this.fundings.findByReference(tx, funding.bankReference);
      if (used !== null) throw new BankReferenceUsed(used);
      if (!(await this.fundings.move(tx, fundingId, 'lapsed', 'proposed'))) throw new FundingNotLapsed('proposed');
      return this.ask(tx, context, fundingId, 'funding.submitted');
    });
  }

  private async ask(tx: Tx, context: RequestContext, id: bigint, action: string): Promise<ProposedFundingView> {
    const funding = await this.fundings.find(tx, id);
    const contentHash = await this.fundings.contentHash(tx, id);
    if (!funding || !contentHash) throw new FundingNotFound();
    const subjectId = id.toString();
    const view = fundingView(funding);
    await this.audit.record(tx, context, { action, subjectType: 'funding', subjectId, after: { ...view } });
    const approvalRequest = await this.approvals.open(tx, context, {
      subjectType: 'funding',
      subjectId,
      contentHash,
      amountJpy: funding.amountJpy,
    });
    return { ...view, approvalRequest };
  }
}

export function fundingView(row: FundingRow): FundingView {
  return {
    id: row.id.toString(),
    status: row.status,
    amountJpy: row.amountJpy.toString(),
    bankReference: row.bankReference,
    valueDate: dayOf(row.valueDate),
    segregatedAccount: row.segregatedAccount,
    madeBy: row.madeBy,
    createdAt: row.createdAt.toISOString(),
  };
}
