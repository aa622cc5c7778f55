import { Injectable } from '@nestjs/common';
import type { Tx } from '../platform/database/database.js';

@Injectable()
export class ProgressRepository {
  async isReleased(tx: Tx): Promise<boolean> {
    return (await tx.progressRelease.count({ where: { releasedAt: { not: null } } })) > 0;
  }

  async insert(tx: Tx, askedBy: string): Promise<string> {
    const { id } = await tx.progressRelease.create({ data: { askedBy }, select: { id: true } });
    return id;
  }

  /** What a checker agrees to, as the database computes it; null unless the release waits. */
  async contentHash(tx: Tx, id: string): Promise<string | null> {
    const [row] = await tx.$queryRaw<{ hash: string }[]>`
      SELECT progress_release_hash(id) AS hash FROM progress_release WHERE id = ${id}::uuid AND released_at IS NULL`;
    return row?.hash ?? null;
  }

  /** Answers whether the release waited. The time is the database's. */
  async release(tx: Tx, id: string): Promise<boolean> {
    const { count } = await tx.progressRelease.updateMany({
      where: { id, releasedAt: null },
      data: { releasedAt: new Date() },
    });
    return count === 1;
  }
}
