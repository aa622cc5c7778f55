import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { ApprovalRequest, ApprovalSubject } from '../approval/approval-subject.js';
import { Approvals } from '../approval/approvals.js';
import { Audit, systemActor } from '../audit/audit.js';
import type { Tx } from '../platform/database/database.js';
import { Decimal } from '../platform/decimal.js';
import type { RequestContext } from '../platform/http/request-context.js';
import type { Json } from '../platform/json.js';
import { SealRules } from './seal.rules.js';
import { snapshotView } from './snapshot-view.js';
import { SnapshotRepository } from './snapshot.repository.js';
import { excludedByReason } from './sql/excluded-by-reason.sql.js';
import { hashContent } from './sql/hash-content.sql.js';
import { sumSealed } from './sql/sum-sealed.sql.js';
import { tenLargest } from './sql/ten-largest.sql.js';

export const SEAL = 'snapshot_seal';

/** The seal of a snapshot under maker–checker: approved, its customer numbers and quantities are frozen for ever. */
@Injectable()
export class SnapshotSealSubject implements ApprovalSubject, OnModuleInit {
  readonly type = SEAL;
  readonly makerRoles = ['finance_maker'] as const;
  readonly checkerRoles = ['finance_checker'] as const;

  constructor(
    private readonly approvals: Approvals,
    private readonly snapshots: SnapshotRepository,
    private readonly rules: SealRules,
    private readonly audit: Audit,
  ) {}

  onModuleInit(): void {
    this.approvals.register(this);
  }

  contentHash(tx: Tx, subjectId: string): Promise<string | null> {
    return hashContent(tx, subjectId);
  }

  /** The snapshot with its control totals, its ten largest, what is excluded and why, and what is sealed already. */
  async preview(tx: Tx, subjectId: string): Promise<Json> {
    const row = await this.snapshots.find(tx, subjectId);
    if (!row) return null;
    const sealed = await sumSealed(tx);
    const coming = row.status === 'sealed' ? '0' : (row.payableTotalXem?.toFixed(6) ?? '0');
    const { controlTotals, ...snapshot } = snapshotView(row);
    return {
      snapshot: { ...snapshot },
      controlTotals: {
        whole: { ...controlTotals.whole },
        payable: { ...controlTotals.payable },
        excluded: { ...controlTotals.excluded },
      },
      tenLargest: (await tenLargest(tx, subjectId)).map((balance) => ({ ...balance })),
      excludedByReason: (await excludedByReason(tx, subjectId)).map(({ reason, count, totalXem }) => ({
        reason,
        count: count.toString(),
        totalXem,
      })),
      sealedPayableXem: sealed.payableTotalXem,
      sealedPayableAfterXem: new Decimal(sealed.payableTotalXem).plus(coming).toFixed(6),
    };
  }

  /** Errors: base_already_sealed, supplement_before_base, customers_sealed_already; then the decision is not recorded. */
  async takeEffect(tx: Tx, context: RequestContext, { subjectId }: ApprovalRequest): Promise<Json> {
    const row = await this.snapshots.lock(tx, subjectId);
    if (!row) throw new Error(`snapshot ${subjectId} was approved and is not there`);
    await this.rules.assertSealable(tx, row);
    if (!(await this.snapshots.seal(tx, subjectId)))
      throw new Error(`snapshot ${subjectId} was approved and is not ready`);
    const outcome = {
      status: 'sealed',
      contentHash: row.contentHash,
      payableCount: row.payableCount?.toString() ?? null,
    };
    await this.audit.record(tx, context, {
      action: 'snapshot.sealed',
      subjectType: 'snapshot',
      subjectId,
      before: { status: 'ready' },
      after: outcome,
      rows: { count: row.rowCount ?? 0n, sumJpy: null, digest: row.rowsDigest ?? '' },
    });
    return outcome;
  }

  /** The snapshot stays ready: its maker may ask again, or upload another. */
  async refused(tx: Tx, context: RequestContext, { subjectId }: ApprovalRequest, reason: string): Promise<void> {
    await this.audit.record(tx, context, {
      action: 'snapshot.seal_refused',
      subjectType: 'snapshot',
      subjectId,
      after: { status: 'ready', reason },
    });
  }

  async lapsed(tx: Tx, { subjectId }: ApprovalRequest): Promise<void> {
    await this.audit.record(tx, systemActor('approval-expiry'), {
      action: 'snapshot.seal_lapsed',
      subjectType: 'snapshot',
      subjectId,
      after: { status: 'ready' },
    });
  }
}
