import { Injectable } from '@nestjs/common';
import { Approvals } from '../approval/approvals.js';
import { Clock } from '../platform/clock/clock.js';
import { Database, type Tx } from '../platform/database/database.js';
import type { RequestContext } from '../platform/http/request-context.js';
import { Commands } from '../platform/idempotency/commands.js';
import { ProgressAlreadyReleased, ProgressNotPublished } from './incident.errors.js';
import { HOLDERS_PER_STEP, JPY_PER_STEP, roundJpy, roundXem, wholeSteps, XEM_PER_STEP } from './progress.amount.js';
import { ProgressRepository } from './progress.repository.js';
import type { ProgressReleaseView, ProgressView } from './progress.views.js';
import { Remembered } from '../platform/remembered.js';
import { countProgress, sumProgress } from './sql/read-progress.sql.js';

const REMEMBERED_MS = 10_000;
/** Each read passes over all balances, claims and credits. */
const LIMITS = { timeoutMs: 30_000 };

/** How far the refund is, for everyone, in steps so coarse that they are about nobody. */
@Injectable()
export class ProgressService {
  private readonly published: Remembered<ProgressView | null>;

  constructor(
    private readonly database: Database,
    private readonly commands: Commands,
    private readonly progress: ProgressRepository,
    private readonly approvals: Approvals,
    clock: Clock,
  ) {
    this.published = new Remembered(clock, REMEMBERED_MS, () =>
      this.database.consistentRead(
        async (tx) => ((await this.progress.isReleased(tx)) ? this.figures(tx) : null),
        LIMITS,
      ),
    );
  }

  /** At most ten seconds old. Errors: progress_not_published. */
  async show(): Promise<ProgressView> {
    const figures = await this.published.get();
    if (!figures) throw new ProgressNotPublished();
    return figures;
  }

  /** Asks a second person to publish. Errors: progress_already_released, and those of asking for approval. */
  release(context: RequestContext): Promise<ProgressReleaseView> {
    return this.commands.run(context, async (tx) => {
      if (await this.progress.isReleased(tx)) throw new ProgressAlreadyReleased();
      const id = await this.progress.insert(tx, context.actor.id);
      const contentHash = await this.progress.contentHash(tx, id);
      if (contentHash === null) throw new Error('the release was not written');
      const approvalRequest = await this.approvals.open(tx, context, {
        subjectType: 'progress_release',
        subjectId: id,
        contentHash,
        amountJpy: null,
      });
      return { id, approvalRequest };
    });
  }

  /** What the public would read now. */
  async figures(tx: Tx): Promise<ProgressView> {
    const counts = await countProgress(tx);
    const counted = {
      holders: wholeSteps(counts.holders),
      claims: wholeSteps(counts.claims),
      credits: wholeSteps(counts.credits),
    };
    const sums = await sumProgress(tx, counted);
    return {
      holders: counted.holders.toString(),
      totalXem: roundXem(sums.totalXem).toFixed(),
      totalJpy: roundJpy(sums.totalJpy).toString(),
      creditedCount: counted.credits.toString(),
      creditedJpy: roundJpy(sums.creditedJpy).toString(),
      updatedOn: sums.updatedOn,
      steps: { holders: HOLDERS_PER_STEP.toString(), xem: XEM_PER_STEP.toFixed(), jpy: JPY_PER_STEP.toString() },
    };
  }
}
