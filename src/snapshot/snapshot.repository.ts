import { Injectable } from '@nestjs/common';
import type { Tx } from '../platform/database/database.js';
import type { Prisma } from '../platform/database/prisma.js';

export type SnapshotRow = Prisma.SnapshotGetPayload<object>;
export type RowErrorRow = Prisma.SnapshotRowErrorGetPayload<object>;

/** What is known of a snapshot before its rows are read. */
export type NewSnapshot = Omit<Prisma.SnapshotUncheckedCreateInput, 'id' | 'status' | 'files' | 'errors' | 'balances'>;

@Injectable()
export class SnapshotRepository {
  find(tx: Tx, id: string): Promise<SnapshotRow | null> {
    return tx.snapshot.findUnique({ where: { id } });
  }

  /** Newest first; one row more than `limit`. */
  list(tx: Tx, limit: number, beforeId: string | null): Promise<SnapshotRow[]> {
    return tx.snapshot.findMany({
      where: beforeId === null ? {} : { id: { lt: beforeId } },
      orderBy: { id: 'desc' },
      take: limit + 1,
    });
  }

  /** Requests for a seal of one snapshot come one after the other. */
  async lock(tx: Tx, id: string): Promise<SnapshotRow | null> {
    await tx.$queryRaw`SELECT FROM snapshot WHERE id = ${id}::uuid FOR NO KEY UPDATE`;
    return this.find(tx, id);
  }

  /** Null when the same upload is here already, also one that another transaction is just writing. */
  async insert(tx: Tx, data: NewSnapshot): Promise<SnapshotRow | null> {
    const [row] = await tx.snapshot.createManyAndReturn({ data: [data], skipDuplicates: true });
    return row ?? null;
  }

  async findSameUpload(tx: Tx, { fileSha256, exclusionsSha256, kind, asOf }: NewSnapshot): Promise<SnapshotRow | null> {
    return tx.snapshot.findFirst({
      where: { fileSha256, exclusionsSha256: exclusionsSha256 ?? null, kind, asOf, status: { not: 'invalid' } },
    });
  }

  async hasSealedBase(tx: Tx): Promise<boolean> {
    return (await tx.snapshot.count({ where: { kind: 'base', status: 'sealed' } })) > 0;
  }

  /** Answers whether it was still being imported. Its figures are counted by the database. */
  async becomeReady(tx: Tx, id: string): Promise<boolean> {
    const { count } = await tx.snapshot.updateMany({ where: { id, status: 'importing' }, data: { status: 'ready' } });
    return count === 1;
  }

  /** Answers whether it was still being imported. */
  async becomeInvalid(tx: Tx, id: string, found: Prisma.SnapshotUpdateManyMutationInput): Promise<boolean> {
    const data = { ...found, status: 'invalid' as const };
    const { count } = await tx.snapshot.updateMany({ where: { id, status: 'importing' }, data });
    return count === 1;
  }

  /** Answers whether it was ready. */
  async seal(tx: Tx, id: string): Promise<boolean> {
    const { count } = await tx.snapshot.updateMany({ where: { id, status: 'ready' }, data: { status: 'sealed' } });
    return count === 1;
  }

  /** Faults in the order of the file, after the one with this id. */
  listErrors(tx: Tx, snapshotId: string, afterId: bigint, limit: number): Promise<RowErrorRow[]> {
    return tx.snapshotRowError.findMany({
      where: { snapshotId, id: { gt: afterId } },
      orderBy: { id: 'asc' },
      take: limit,
    });
  }

  /** Snapshots whose upload was kept for long enough. Those that are still imported need theirs. */
  async listWithRawBefore(tx: Tx, before: Date): Promise<string[]> {
    const rows = await tx.snapshot.findMany({
      where: { rawDestroyedAt: null, createdAt: { lt: before }, status: { not: 'importing' } },
      select: { id: true },
      orderBy: { id: 'asc' },
    });
    return rows.map((row) => row.id);
  }

  /** Answers how many pieces there were. */
  async destroyRaw(tx: Tx, id: string, now: Date): Promise<number> {
    const { count } = await tx.snapshotFile.deleteMany({ where: { snapshotId: id } });
    await tx.snapshot.update({ where: { id }, data: { rawDestroyedAt: now }, select: { id: true } });
    return count;
  }
}
