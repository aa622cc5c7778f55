import { dayOf } from '../platform/clock/jst.js';
import type { Json } from '../platform/json.js';
import { speedOf } from './credit-batch.progress.js';
import type { CreditBatchRow, SkippedRow } from './credit-batch.repository.js';
import { possibleCommands } from './credit-batch.state.js';
import type { CreditBatchDetailView, CreditBatchProgressView, CreditBatchView } from './credit-batch.views.js';

export function progressOf(row: CreditBatchRow): CreditBatchProgressView {
  return {
    id: row.id.toString(),
    status: row.status,
    itemCount: row.itemCount.toString(),
    totalJpy: row.totalJpy.toString(),
    creditedCount: row.creditedCount.toString(),
    creditedJpy: row.creditedJpy.toString(),
    skippedCount: row.skippedCount.toString(),
    skippedJpy: row.skippedJpy.toString(),
    remainingCount: (row.itemCount - row.creditedCount - row.skippedCount).toString(),
    remainingJpy: (row.totalJpy - row.creditedJpy - row.skippedJpy).toString(),
    ...speedOf(row),
  };
}

export function viewOf(row: CreditBatchRow): CreditBatchView {
  return {
    ...progressOf(row),
    label: row.label,
    postingDate: dayOf(row.postingDate),
    notBefore: row.notBefore.toISOString(),
    filter: row.filter as Json,
    controlTotalJpy: row.controlTotalJpy?.toString() ?? null,
    contentHash: row.contentHash,
    pauseKind: row.pauseKind,
    pauseReason: row.pauseReason,
    pausedAt: row.pausedAt?.toISOString() ?? null,
    madeBy: row.madeBy,
    createdAt: row.createdAt.toISOString(),
    submittedAt: row.submittedAt?.toISOString() ?? null,
    approvedAt: row.approvedAt?.toISOString() ?? null,
    startedAt: row.startedAt?.toISOString() ?? null,
    finishedAt: row.finishedAt?.toISOString() ?? null,
    possible: possibleCommands(row.status),
  };
}

export function detailOf(
  row: CreditBatchRow,
  skipped: readonly SkippedRow[],
  waitsForSignatures: boolean,
): CreditBatchDetailView {
  return {
    ...viewOf(row),
    obstacle: waitsForSignatures ? 'waiting_for_signatures' : null,
    skipped: skipped.map(({ reason, count, sumJpy }) => ({
      reason,
      count: count.toString(),
      sumJpy: sumJpy.toString(),
    })),
  };
}
