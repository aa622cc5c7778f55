import { Injectable } from '@nestjs/common';
import { Approvals } from '../approval/approvals.js';
import { Audit } from '../audit/audit.js';
import { Database, type Tx } from '../platform/database/database.js';
import type { RequestContext } from '../platform/http/request-context.js';
import { Commands } from '../platform/idempotency/commands.js';
import { decodeUuidCursor, toPage, type Page, type PageQuery } from '../platform/pagination/page.js';
import { jstInstant } from './price-window.amount.js';
import { rateDetail, rateView } from './rate-detail.js';
import type { ProposeRateDto } from './rate.dto.js';
import { RateNotFound, RateNotLapsed, RateOfAnotherMaker, WindowReversed } from './rate.errors.js';
import { RateRepository } from './rate.repository.js';
import type { ProposedRateView, RateDetailView, RateView } from './rate.views.js';

/** The preview rounds all sealed balances by three rules. */
const PREVIEW_LIMITS = { timeoutMs: 60_000 };

/** Announcements of the price; evidence comes through evidence.service.ts, what takes effect is in rate.subject.ts. */
@Injectable()
export class RateService {
  constructor(
    private readonly database: Database,
    private readonly commands: Commands,
    private readonly rates: RateRepository,
    private readonly approvals: Approvals,
    private readonly audit: Audit,
  ) {}

  list(query: PageQuery): Promise<Page<RateView>> {
    const beforeId = decodeUuidCursor(query.cursor);
    return this.database.consistentRead(async (tx) => {
      const rows = await this.rates.list(tx, query.limit, beforeId);
      return toPage(rows, query.limit, (row) => row.id, rateView);
    });
  }

  /** Errors: rate_not_found. */
  show(id: string): Promise<RateDetailView> {
    return this.database.consistentRead(async (tx) => {
      const row = await this.rates.find(tx, id);
      if (!row) throw new RateNotFound();
      return rateDetail(tx, this.rates, row);
    }, PREVIEW_LIMITS);
  }

  /** Errors: window_reversed, and those of asking for approval. */
  propose(context: RequestContext, proposal: ProposeRateDto): Promise<ProposedRateView> {
    assertWindowsRunForward(proposal);
    return this.commands.run(context, async (tx) =>
      this.ask(tx, context, await this.rates.insert(tx, context.actor.id, proposal), 'rate.proposed'),
    );
  }

  /** Asks again for a rate that nobody decided about, with its evidence. Errors: rate_not_found, rate_of_another_maker, rate_not_lapsed. */
  submit(context: RequestContext, id: string): Promise<ProposedRateView> {
    return this.commands.run(context, async (tx) => {
      const rate = await this.rates.lock(tx, id);
      if (!rate) throw new RateNotFound();
      if (rate.proposedBy !== context.actor.id) throw new RateOfAnotherMaker();
      if (rate.status !== 'lapsed') throw new RateNotLapsed(rate.status);
      await this.rates.move(tx, id, 'lapsed', 'proposed');
      return this.ask(tx, context, id, 'rate.submitted');
    });
  }

  private async ask(tx: Tx, context: RequestContext, id: string, action: string): Promise<ProposedRateView> {
    const rate = await this.rates.find(tx, id);
    const contentHash = await this.rates.contentHash(tx, id);
    if (!rate || contentHash === null) throw new RateNotFound();
    const view = rateView(rate);
    const { legalWording, ...announced } = view;
    await this.audit.record(tx, context, {
      action,
      subjectType: 'rate',
      subjectId: id,
      after: { ...announced, wordingVersion: legalWording.version },
    });
    const approvalRequest = await this.approvals.open(tx, context, {
      subjectType: 'rate',
      subjectId: id,
      contentHash,
      amountJpy: null,
    });
    return { ...view, approvalRequest };
  }
}

/** Every pairing of a start with an end must be a window. Errors: window_reversed. */
function assertWindowsRunForward({
  windowStart,
  windowEnd,
  alternativeStarts = [],
  alternativeEnds = [],
}: ProposeRateDto): void {
  const latestStart = Math.max(...[windowStart, ...alternativeStarts].map(Date.parse));
  const earliestEnd = Math.min(...[windowEnd, ...alternativeEnds].map(Date.parse));
  if (latestStart >= earliestEnd) throw new WindowReversed(jstInstant(latestStart), jstInstant(earliestEnd));
}
