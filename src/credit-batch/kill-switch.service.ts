import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { ApprovalRequest, ApprovalSubject } from '../approval/approval-subject.js';
import { Approvals } from '../approval/approvals.js';
import { Audit } from '../audit/audit.js';
import { Database, type Tx } from '../platform/database/database.js';
import type { RequestContext } from '../platform/http/request-context.js';
import { Commands } from '../platform/idempotency/commands.js';
import type { Json } from '../platform/json.js';
import { KillSwitchNotPulled } from './credit-batch.errors.js';
import { KillSwitch, type PullRow } from './kill-switch.js';
import type { KillSwitchReleaseView, KillSwitchView, PullView } from './kill-switch.views.js';

/** What people do with the kill switch: one pulls it, two release it. */
@Injectable()
export class KillSwitchService implements ApprovalSubject, OnModuleInit {
  readonly type = 'kill_switch_release';
  readonly makerRoles = ['finance_maker', 'finance_checker'] as const;
  readonly checkerRoles = ['finance_checker'] as const;

  constructor(
    private readonly database: Database,
    private readonly commands: Commands,
    private readonly approvals: Approvals,
    private readonly killSwitch: KillSwitch,
    private readonly audit: Audit,
  ) {}

  onModuleInit(): void {
    this.approvals.register(this);
  }

  show(): Promise<KillSwitchView> {
    return this.database.consistentRead((tx) => this.state(tx));
  }

  /** Takes effect before the next chunk; who pulls a switch that is pulled already adds a reason to release. */
  pull(context: RequestContext, reason: string): Promise<KillSwitchView> {
    return this.commands.run(context, async (tx) => {
      await this.killSwitch.pull(tx, context, { cause: 'person', pulledBy: context.actor.id, reason });
      return this.state(tx);
    });
  }

  /** Asks for a second person. Errors: kill_switch_not_pulled. */
  release(context: RequestContext, reason: string): Promise<KillSwitchReleaseView> {
    return this.commands.run(context, async (tx) => {
      const pulls = await this.killSwitch.openPulls(tx);
      if (pulls.length === 0) throw new KillSwitchNotPulled();
      const pullIds = pulls.map(({ id }) => id);
      const { id } = await tx.killSwitchRelease.create({ data: { pullIds, reason, madeBy: context.actor.id } });
      const subjectId = id.toString();
      const contentHash = await hashOf(tx, id);
      const approvalRequest = await this.approvals.open(tx, context, {
        subjectType: this.type,
        subjectId,
        contentHash,
        amountJpy: null,
      });
      return { ...(await this.state(tx)), approvalRequest };
    });
  }

  /** Good only for exactly the pulls that there are: one that came since makes it void. */
  async contentHash(tx: Tx, subjectId: string): Promise<string | null> {
    const id = BigInt(subjectId);
    const release = await tx.killSwitchRelease.findUnique({ where: { id } });
    const pulls = await this.killSwitch.openPulls(tx);
    return release?.pullIds.join() === pulls.map((pull) => pull.id).join() ? hashOf(tx, id) : null;
  }

  async preview(tx: Tx, subjectId: string): Promise<Json> {
    const release = await tx.killSwitchRelease.findUnique({ where: { id: BigInt(subjectId) } });
    if (!release) return null;
    const pulls = await tx.killSwitchPull.findMany({ where: { id: { in: release.pullIds } }, orderBy: { id: 'asc' } });
    return { reason: release.reason, pulls: pulls.map(pullView) as object as Json };
  }

  /** Errors: kill_switch_not_pulled. */
  async takeEffect(tx: Tx, context: RequestContext, { subjectId }: ApprovalRequest): Promise<Json> {
    const releaseId = BigInt(subjectId);
    const { pullIds, reason } = await tx.killSwitchRelease.findUniqueOrThrow({ where: { id: releaseId } });
    const { count } = await tx.killSwitchPull.updateMany({
      where: { id: { in: pullIds }, releaseId: null },
      data: { releaseId },
    });
    // Another release of the same pulls took effect while this one waited for them.
    if (count !== pullIds.length) throw new KillSwitchNotPulled();
    const released = { pullIds: pullIds.map(String), reason };
    await this.audit.record(tx, context, {
      action: 'kill_switch.released',
      subjectType: 'kill_switch',
      subjectId,
      after: released,
    });
    return released;
  }

  /** Refused or lapsed, the switch stays pulled. */
  async refused(): Promise<void> {}
  async lapsed(): Promise<void> {}

  private async state(tx: Tx): Promise<KillSwitchView> {
    const pulls = await this.killSwitch.openPulls(tx);
    const heartbeat = await tx.watchHeartbeat.findUnique({ where: { id: 1 } });
    const seenAt = heartbeat?.seenAt.getTime();
    return {
      pulled: pulls.length > 0,
      pulls: pulls.map(pullView),
      creditingObstacle: await this.killSwitch.obstacle(tx),
      watchSeenAt: Number.isFinite(seenAt) ? (heartbeat?.seenAt.toISOString() ?? null) : null,
    };
  }
}

async function hashOf(tx: Tx, id: bigint): Promise<string> {
  const [row] = await tx.$queryRaw<[{ hash: string }]>`
    SELECT kill_switch_release_hash(r) AS hash FROM kill_switch_release r WHERE id = ${id}`;
  return row.hash;
}

function pullView({ id, cause, pulledBy, reason, pulledAt }: PullRow): PullView {
  return { id: id.toString(), cause, pulledBy, reason, pulledAt: pulledAt.toISOString() };
}
