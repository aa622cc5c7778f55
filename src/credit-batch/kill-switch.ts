import { Injectable } from '@nestjs/common';
import { Audit, type AuditContext } from '../audit/audit.js';
import type { Tx } from '../platform/database/database.js';
import type { KillSwitchCause, Prisma } from '../platform/database/prisma.js';

/** Why nothing may be credited now; the guard over credits asks the same function of the database. */
export type CreditingObstacle = 'kill_switch_pulled' | 'watch_absent';

export type PullRow = Prisma.KillSwitchPullGetPayload<object>;

/** The one switch (緊急停止) that stops all crediting. Pulled is what has one pull without a release. */
@Injectable()
export class KillSwitch {
  constructor(private readonly audit: Audit) {}

  /** By the clock of the database, in two probes of an index. */
  async obstacle(tx: Tx): Promise<CreditingObstacle | null> {
    const [row] = await tx.$queryRaw<{ obstacle: CreditingObstacle | null }[]>`SELECT crediting_obstacle() AS obstacle`;
    return row?.obstacle ?? null;
  }

  /** Pulls that two people have not released yet, oldest first. */
  openPulls(tx: Tx): Promise<PullRow[]> {
    return tx.killSwitchPull.findMany({ where: { releaseId: null }, orderBy: { id: 'asc' } });
  }

  /** Waits for nobody: a pull adds a row and changes none. */
  async pull(
    tx: Tx,
    context: AuditContext,
    pull: { cause: Exclude<KillSwitchCause, 'watch'>; pulledBy: string | null; reason: string },
  ): Promise<PullRow> {
    const row = await tx.killSwitchPull.create({ data: pull });
    await this.audit.record(tx, context, {
      action: 'kill_switch.pulled',
      subjectType: 'kill_switch',
      subjectId: row.id.toString(),
      after: { cause: pull.cause, reason: pull.reason },
    });
    return row;
  }
}
