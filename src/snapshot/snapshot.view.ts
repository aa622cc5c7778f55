import type { Prisma } from '../platform/database/prisma.js';
import type { SnapshotView } from './snapshot.dto.js';

export type SnapshotRow = Prisma.SnapshotGetPayload<object>;

export function snapshotView(row: SnapshotRow): SnapshotView {
  const total = (
    of: 'whole_file' | 'payable' | 'excluded',
    declaredCount: bigint | null,
    count: bigint | null,
    declaredXem: Prisma.Decimal | null,
    xem: Prisma.Decimal | null,
  ) => ({
    of,
    declaredCount: declaredCount?.toString() ?? null,
    count: count?.toString() ?? null,
    declaredTotalXem: declaredXem?.toFixed(6) ?? null,
    totalXem: xem?.toFixed(6) ?? null,
  });
  const whole = row.payableTotalXem && row.excludedTotalXem ? row.payableTotalXem.plus(row.excludedTotalXem) : null;
  return {
    id: row.id,
    kind: row.kind,
    status: row.status,
    asOf: row.asOf.toISOString(),
    fileSha256: row.fileSha256,
    exclusionsSha256: row.exclusionsSha256,
    controlTotals: [
      total('whole_file', row.declaredCount, row.rowCount, row.declaredTotalXem, whole),
      total('payable', row.declaredPayableCount, row.payableCount, row.declaredPayableTotalXem, row.payableTotalXem),
      total(
        'excluded',
        row.declaredExcludedCount,
        row.excludedCount,
        row.declaredExcludedTotalXem,
        row.excludedTotalXem,
      ),
    ],
    errorCount: row.errorCount?.toString() ?? null,
    rowsDigest: row.rowsDigest,
    createdAt: row.createdAt.toISOString(),
    sealedAt: row.sealedAt?.toISOString() ?? null,
  };
}
