import { Injectable } from '@nestjs/common';
import type { Tx } from '../platform/database/database.js';
import type { CampaignKind, CampaignStatus, MailWaveStatus, Prisma } from '../platform/database/prisma.js';

/** Silent for this long counts as dead; as long as the queue waits before it gives the job of a dead worker to another. */
const DEAD_AFTER_SECONDS = 8;

export interface LockedWave {
  readonly id: bigint;
  readonly campaignId: string;
  readonly seq: number;
  readonly status: MailWaveStatus;
  readonly startsAt: Date;
  readonly fromHour: number;
  readonly toHour: number;
  readonly nextMailAt: Date;
  readonly kind: CampaignKind;
  readonly campaignStatus: CampaignStatus;
  /** Only for campaigns about credits. */
  readonly batchStatus: string | null;
  readonly runId: string | null;
  /** Does the process that sends this wave still say so? */
  readonly alive: boolean;
}

export interface WaveRest {
  /** Mails that wait, and when the first of them may be tried. */
  readonly waiting: bigint;
  readonly firstTryAt: Date | null;
  readonly beingSent: bigint;
}

@Injectable()
export class WaveRepository {
  async lock(tx: Tx, id: bigint): Promise<LockedWave | null> {
    const [row] = await tx.$queryRaw<LockedWave[]>`
      SELECT w.id, w.campaign_id AS "campaignId", w.seq, w.status, w.starts_at AS "startsAt", w.from_hour AS "fromHour", w.to_hour AS "toHour",
        w.next_mail_at AS "nextMailAt", c.kind, c.status AS "campaignStatus", b.status AS "batchStatus", w.run_id AS "runId",
        w.run_id IS NOT NULL AND w.run_alive_at > now() - make_interval(secs => ${DEAD_AFTER_SECONDS}) AS alive
      FROM mail_wave w JOIN campaign c ON c.id = w.campaign_id LEFT JOIN credit_batch b ON b.id = c.credit_batch_id
      WHERE w.id = ${id} FOR NO KEY UPDATE OF w`;
    return row ?? null;
  }

  async change(tx: Tx, id: bigint, data: Prisma.MailWaveUpdateManyMutationInput): Promise<void> {
    await tx.mailWave.updateMany({ where: { id }, data });
  }

  /** Says that this run lives. */
  async beat(tx: Tx, id: bigint, runId: string): Promise<void> {
    await tx.$executeRaw`UPDATE mail_wave SET run_alive_at = now() WHERE id = ${id} AND run_id = ${runId}::uuid`;
  }

  /** No mail of this wave for some seconds: its mail server does not answer. */
  async holdBack(tx: Tx, id: bigint, seconds: number): Promise<void> {
    await tx.$executeRaw`
      UPDATE mail_wave SET next_mail_at = greatest(next_mail_at, now() + make_interval(secs => ${seconds})) WHERE id = ${id}`;
  }

  async rest(tx: Tx, id: bigint): Promise<WaveRest> {
    const [row] = await tx.$queryRaw<[WaveRest]>`
      SELECT (SELECT count(*) FROM notification WHERE wave_id = ${id} AND status IN ('queued', 'failed_temporarily')) AS waiting,
        (SELECT min(next_try_at) FROM notification WHERE wave_id = ${id} AND status IN ('queued', 'failed_temporarily')) AS "firstTryAt",
        (SELECT count(*) FROM notification WHERE wave_id = ${id} AND status = 'sending') AS "beingSent"`;
    return row;
  }
}
