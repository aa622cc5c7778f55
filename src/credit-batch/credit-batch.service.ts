import { Injectable } from '@nestjs/common';
import type { ApprovalRequestView } from '../approval/approval.dto.js';
import { Approvals } from '../approval/approvals.js';
import { Audit } from '../audit/audit.js';
import { Clock } from '../platform/clock/clock.js';
import { dayOf, jstDate } from '../platform/clock/jst.js';
import { Database, type Tx } from '../platform/database/database.js';
import type { RequestContext } from '../platform/http/request-context.js';
import { Commands } from '../platform/idempotency/commands.js';
import { decodeBigintCursor, toPage, type PageQuery } from '../platform/pagination/page.js';
import { CreditBatchJobs } from './credit-batch-jobs.js';
import type { CreditBatchFilterDto, DraftCreditBatchDto, SubmitCreditBatchDto } from './credit-batch.dto.js';
import {
  BeginsAfterPostingDate,
  ControlTotalDiffers,
  CreditBatchEmpty,
  CreditBatchInOtherState,
  CreditBatchNotFound,
  CustomersUnknown,
  KillSwitchPulled,
  PostingDatePassed,
} from './credit-batch.errors.js';
import { CreditBatchRepository, type CreditBatchRow } from './credit-batch.repository.js';
import { isPossible, type BatchCommand } from './credit-batch.state.js';
import type {
  CommandedCreditBatchView,
  CreditBatchDetailView,
  CreditBatchItemPage,
  CreditBatchPage,
} from './credit-batch.views.js';
import { KillSwitch } from './kill-switch.js';
import { detailOf, viewOf } from './present-batch.js';
import { listItems } from './sql/list-items.sql.js';
import { releaseItems } from './sql/release-items.sql.js';
import { markHoldsMet, reserveClaims, type CreditBatchFilter } from './sql/reserve-claims.sql.js';

/** A batch may hold every claim of the programme. */
const LIMITS = { timeoutMs: 120_000 };

/** What people do with credit batches: draft, look, submit, pause, resume, stop, cancel. */
@Injectable()
export class CreditBatchService {
  constructor(
    private readonly database: Database,
    private readonly commands: Commands,
    private readonly batches: CreditBatchRepository,
    private readonly jobs: CreditBatchJobs,
    private readonly approvals: Approvals,
    private readonly killSwitch: KillSwitch,
    private readonly audit: Audit,
    private readonly clock: Clock,
  ) {}

  /**
   * Drafts a batch and reserves its claims.
   * Errors: credit_batch_empty, customers_unknown, posting_date_passed, begins_after_posting_date.
   */
  draft(context: RequestContext, asked: DraftCreditBatchDto): Promise<CreditBatchDetailView> {
    const filter = filterOf(asked.filter);
    const notBefore = new Date(asked.notBefore);
    return this.commands.run(
      context,
      async (tx) => {
        this.assertInTime(asked.postingDate, notBefore);
        const unknown = await this.batches.unknownCustomers(tx, filter.customerNos ?? []);
        if (unknown.length > 0) throw new CustomersUnknown(unknown);
        const id = await this.batches.insert(tx, { ...asked, filter, notBefore, madeBy: context.actor.id });
        await reserveClaims(tx, id, filter);
        await markHoldsMet(tx, filter);
        const row = await this.get(tx, id);
        if (row.itemCount === 0n) throw new CreditBatchEmpty();
        await this.record(tx, context, row, 'drafted');
        return detailOf(row, [], false);
      },
      LIMITS,
    );
  }

  /** Newest first. Errors: cursor_invalid. */
  list({ limit, cursor }: PageQuery): Promise<CreditBatchPage> {
    const before = decodeBigintCursor(cursor);
    return this.database.consistentRead(async (tx) =>
      toPage(await this.batches.list(tx, limit, before), limit, (row) => row.id.toString(), viewOf),
    );
  }

  /** Errors: credit_batch_not_found. */
  show(id: bigint): Promise<CreditBatchDetailView> {
    return this.database.consistentRead(async (tx) => this.detail(tx, await this.get(tx, id)));
  }

  /** In the order of execution. Errors: credit_batch_not_found, cursor_invalid. */
  items(id: bigint, { limit, cursor }: PageQuery): Promise<CreditBatchItemPage> {
    const after = decodeBigintCursor(cursor) ?? 0n;
    return this.database.consistentRead(async (tx) => {
      await this.get(tx, id);
      const rows = await listItems(tx, id, after, limit + 1);
      return toPage(
        rows,
        limit,
        (row) => row.seq.toString(),
        (row) => ({ ...row, seq: row.seq.toString(), amountJpy: row.amountJpy.toString() }),
      );
    });
  }

  /**
   * Asks two people to approve exactly this, once the control total of the finance paper agrees.
   * Errors: credit_batch_not_found, credit_batch_in_other_state, control_total_differs, posting_date_passed,
   * begins_after_posting_date, not_about_own_money.
   */
  submit(context: RequestContext, id: bigint, asked: SubmitCreditBatchDto): Promise<CommandedCreditBatchView> {
    return this.commands.run(
      context,
      async (tx) => {
        const row = await this.lockFor(tx, id, 'submit');
        const controlTotalJpy = BigInt(asked.controlTotalJpy);
        if (controlTotalJpy !== row.totalJpy) throw new ControlTotalDiffers(row.totalJpy, controlTotalJpy);
        const postingDate = asked.postingDate ?? dayOf(row.postingDate);
        const notBefore = asked.notBefore ? new Date(asked.notBefore) : row.notBefore;
        this.assertInTime(postingDate, notBefore);
        await this.batches.change(tx, id, 'draft', { postingDate: new Date(postingDate), notBefore });
        const contentHash = await this.batches.contentHash(tx, id);
        if (contentHash === null) throw new CreditBatchNotFound();
        await this.batches.change(tx, id, 'draft', { status: 'submitted', controlTotalJpy, contentHash });
        const { customerNos } = row.filter as CreditBatchFilter;
        const approvalRequest = await this.approvals.open(tx, context, {
          subjectType: 'credit_batch',
          subjectId: id.toString(),
          contentHash,
          amountJpy: row.totalJpy,
          ...(customerNos ? { namedCustomerNos: customerNos } : {}),
        });
        return this.commanded(tx, context, id, 'submitted', approvalRequest);
      },
      LIMITS,
    );
  }

  /**
   * Takes effect at once: a chunk under way is undone, unless it is just being committed; then this waits for it.
   * Errors: credit_batch_not_found, credit_batch_in_other_state.
   */
  pause(context: RequestContext, id: bigint, reason: string): Promise<CommandedCreditBatchView> {
    return this.commands.run(context, async (tx) => {
      await this.lockFor(tx, id, 'pause');
      await this.batches.change(tx, id, 'executing', { status: 'paused', pauseKind: 'ordinary', pauseReason: reason });
      return this.commanded(tx, context, id, 'paused', null);
    });
  }

  /**
   * Goes on after an ordinary pause; after an alert asks for a second person.
   * Errors: credit_batch_not_found, credit_batch_in_other_state, kill_switch_pulled, approval_already_requested.
   */
  resume(context: RequestContext, id: bigint): Promise<CommandedCreditBatchView> {
    return this.commands.run(context, async (tx) => {
      const row = await this.lockFor(tx, id, 'resume');
      if ((await this.killSwitch.obstacle(tx)) === 'kill_switch_pulled') throw new KillSwitchPulled();
      if (row.pauseKind === 'alert') {
        const approvalRequest = await this.askAboutPause(tx, context, id, 'batch_resume');
        return this.commanded(tx, context, id, 'resume_requested', approvalRequest);
      }
      await this.approvals.withdraw(tx, context, 'batch_stop', id.toString(), 'resumed');
      await this.batches.change(tx, id, 'paused', { status: 'executing' });
      await this.jobs.add(tx, id);
      return this.commanded(tx, context, id, 'resumed', null);
    });
  }

  /** Asks for a second person to end a paused batch. Errors: as for resume. */
  stop(context: RequestContext, id: bigint): Promise<CommandedCreditBatchView> {
    return this.commands.run(context, async (tx) => {
      await this.lockFor(tx, id, 'stop');
      const approvalRequest = await this.askAboutPause(tx, context, id, 'batch_stop');
      return this.commanded(tx, context, id, 'stop_requested', approvalRequest);
    });
  }

  /** Ends a batch that has not begun and releases its claims. Errors: credit_batch_not_found, credit_batch_in_other_state. */
  cancel(context: RequestContext, id: bigint): Promise<CommandedCreditBatchView> {
    return this.commands.run(
      context,
      async (tx) => {
        const { status } = await this.lockFor(tx, id, 'cancel');
        await this.approvals.withdraw(tx, context, 'credit_batch', id.toString(), 'cancelled');
        await releaseItems(tx, id);
        await this.batches.change(tx, id, status, { status: 'cancelled' });
        return this.commanded(tx, context, id, 'cancelled', null);
      },
      LIMITS,
    );
  }

  private async askAboutPause(tx: Tx, context: RequestContext, id: bigint, subjectType: 'batch_resume' | 'batch_stop') {
    const contentHash = await this.batches.pauseHash(tx, id);
    if (contentHash === null) throw new CreditBatchNotFound();
    return this.approvals.open(tx, context, { subjectType, subjectId: id.toString(), contentHash, amountJpy: null });
  }

  private assertInTime(postingDate: string, notBefore: Date): void {
    const today = jstDate(this.clock.now());
    if (postingDate < today) throw new PostingDatePassed(postingDate, today);
    if (jstDate(notBefore) > postingDate) throw new BeginsAfterPostingDate(postingDate);
  }

  private async lockFor(tx: Tx, id: bigint, command: BatchCommand): Promise<CreditBatchRow> {
    const row = await this.batches.lock(tx, id);
    if (!row) throw new CreditBatchNotFound();
    if (!isPossible(command, row.status)) throw new CreditBatchInOtherState(command, row.status);
    return row;
  }

  private async get(tx: Tx, id: bigint): Promise<CreditBatchRow> {
    const row = await this.batches.find(tx, id);
    if (!row) throw new CreditBatchNotFound();
    return row;
  }

  private async detail(tx: Tx, row: CreditBatchRow): Promise<CreditBatchDetailView> {
    const skipped = row.skippedCount > 0n ? await this.batches.skippedByReason(tx, row.id) : [];
    const waits = row.status === 'approved' && (await this.batches.waitsForSignatures(tx, row.id));
    return detailOf(row, skipped, waits);
  }

  private async commanded(
    tx: Tx,
    context: RequestContext,
    id: bigint,
    verb: string,
    approvalRequest: ApprovalRequestView | null,
  ): Promise<CommandedCreditBatchView> {
    const row = await this.get(tx, id);
    await this.record(tx, context, row, verb);
    return { ...(await this.detail(tx, row)), approvalRequest };
  }

  private record(tx: Tx, context: RequestContext, row: CreditBatchRow, verb: string): Promise<void> {
    return this.audit.record(tx, context, {
      action: `credit_batch.${verb}`,
      subjectType: 'credit_batch',
      subjectId: row.id.toString(),
      after: {
        status: row.status,
        itemCount: row.itemCount.toString(),
        totalJpy: row.totalJpy.toString(),
        creditedCount: row.creditedCount.toString(),
        skippedCount: row.skippedCount.toString(),
        postingDate: dayOf(row.postingDate),
        contentHash: row.contentHash,
        pauseReason: row.pauseReason,
      },
    });
  }
}

function filterOf({ minAmountJpy, maxAmountJpy, customerNos, sampleSize }: CreditBatchFilterDto): CreditBatchFilter {
  return {
    ...(minAmountJpy === undefined ? {} : { minAmountJpy }),
    ...(maxAmountJpy === undefined ? {} : { maxAmountJpy }),
    ...(customerNos === undefined ? {} : { customerNos }),
    ...(sampleSize === undefined ? {} : { sampleSize }),
  };
}
