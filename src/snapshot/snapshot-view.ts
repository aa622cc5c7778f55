import type { Prisma } from '../platform/database/prisma.js';
import type { Language } from '../platform/http/request-context.js';
import { differenceCount, differenceXem, type ComparedTotal, type ComparedTotals } from './control-totals.amount.js';
import { reasonOf } from './row-errors.js';
import type { SnapshotRow } from './snapshot.repository.js';
import type { ControlTotalView, ErrorsByReasonView, SnapshotView } from './snapshot.views.js';

type Xem = Prisma.Decimal | null;

const xem = (value: Xem): string | null => value?.toFixed(6) ?? null;

/** What was declared about an upload beside what was found in it. */
export function comparedTotals(row: SnapshotRow): ComparedTotals {
  const whole = row.payableTotalXem && row.excludedTotalXem ? row.payableTotalXem.plus(row.excludedTotalXem) : null;
  return {
    whole: {
      declared: { count: row.declaredCount, totalXem: xem(row.declaredTotalXem) },
      found: { count: row.rowCount, totalXem: xem(whole) },
    },
    payable: {
      declared: { count: row.declaredPayableCount, totalXem: xem(row.declaredPayableTotalXem) },
      found: { count: row.payableCount, totalXem: xem(row.payableTotalXem) },
    },
    excluded: {
      declared: { count: row.declaredExcludedCount, totalXem: xem(row.declaredExcludedTotalXem) },
      found: { count: row.excludedCount, totalXem: xem(row.excludedTotalXem) },
    },
  };
}

export function snapshotView(row: SnapshotRow): SnapshotView {
  const { whole, payable, excluded } = comparedTotals(row);
  return {
    id: row.id,
    kind: row.kind,
    status: row.status,
    asOf: row.asOf.toISOString(),
    charset: row.charset,
    fileSha256: row.fileSha256,
    fileBytes: row.fileBytes.toString(),
    exclusionsSha256: row.exclusionsSha256,
    controlTotals: { whole: totalView(whole), payable: totalView(payable), excluded: totalView(excluded) },
    errorCount: row.errorCount?.toString() ?? null,
    rowsDigest: row.rowsDigest,
    contentHash: row.contentHash,
    uploadedBy: row.uploadedBy,
    createdAt: row.createdAt.toISOString(),
    importedAt: row.importedAt?.toISOString() ?? null,
    sealedAt: row.sealedAt?.toISOString() ?? null,
    rawDestroyedAt: row.rawDestroyedAt?.toISOString() ?? null,
  };
}

/** How often each fault occurs, the most frequent first, in the language of whoever asks. */
export function errorsByReason(row: SnapshotRow, language: Language): ErrorsByReasonView[] {
  return Object.entries((row.errorCounts ?? {}) as Record<string, number>)
    .sort(([, a], [, b]) => b - a)
    .map(([code, count]) => ({ code, count: count.toString(), reason: reasonOf(code)[language] }));
}

function totalView(total: ComparedTotal): ControlTotalView {
  const { declared, found } = total;
  return {
    declaredCount: declared.count?.toString() ?? null,
    count: found.count?.toString() ?? null,
    differenceCount: differenceCount(total)?.toString() ?? null,
    declaredTotalXem: declared.totalXem,
    totalXem: found.totalXem,
    differenceXem: differenceXem(total),
  };
}
