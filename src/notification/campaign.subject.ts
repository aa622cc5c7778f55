import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { ApprovalRequest, ApprovalSubject } from '../approval/approval-subject.js';
import { Approvals } from '../approval/approvals.js';
import { Audit, systemActor, type AuditContext } from '../audit/audit.js';
import type { Tx } from '../platform/database/database.js';
import type { RequestContext } from '../platform/http/request-context.js';
import type { Json } from '../platform/json.js';
import { CampaignPreviews } from './campaign-previews.js';
import { CampaignRepository } from './campaign.repository.js';
import type { CampaignState } from './notification.state.js';
import { WaveJobs } from './wave-jobs.js';

/** A campaign under maker–checker: released, its waves go out when their time comes. */
@Injectable()
export class CampaignSubject implements ApprovalSubject, OnModuleInit {
  readonly type = 'mail_campaign';
  readonly makerRoles = ['team_lead', 'claims_officer'] as const;
  readonly checkerRoles = ['team_lead', 'claims_officer'] as const;

  constructor(
    private readonly approvals: Approvals,
    private readonly campaigns: CampaignRepository,
    private readonly previews: CampaignPreviews,
    private readonly waveJobs: WaveJobs,
    private readonly audit: Audit,
  ) {}

  onModuleInit(): void {
    this.approvals.register(this);
  }

  contentHash(tx: Tx, subjectId: string): Promise<string | null> {
    return this.campaigns.contentHash(tx, subjectId);
  }

  /** Text, waves, how many each would reach and not reach, and the mail to the first few. */
  async preview(tx: Tx, subjectId: string): Promise<Json> {
    const campaign = await this.campaigns.find(tx, subjectId);
    return campaign ? ((await this.previews.of(tx, campaign)) as unknown as Json) : null;
  }

  async takeEffect(tx: Tx, context: RequestContext, request: ApprovalRequest): Promise<Json> {
    await this.change(tx, context, request.subjectId, 'released', { approvalRequestId: request.id });
    await this.waveJobs.addMissing(tx);
    return { status: 'released' };
  }

  refused(tx: Tx, context: RequestContext, request: ApprovalRequest, reason: string): Promise<void> {
    return this.change(tx, context, request.subjectId, 'refused', { reason });
  }

  lapsed(tx: Tx, request: ApprovalRequest): Promise<void> {
    return this.change(tx, systemActor('approval-expiry'), request.subjectId, 'draft', {});
  }

  private async change(
    tx: Tx,
    context: AuditContext,
    id: string,
    to: CampaignState,
    why: { readonly [key: string]: Json },
  ): Promise<void> {
    if (!(await this.campaigns.move(tx, id, 'submitted', to)))
      throw new Error(`campaign ${id} is not submitted although its request was open`);
    await this.audit.record(tx, context, {
      action: `campaign.${to}`,
      subjectType: this.type,
      subjectId: id,
      before: { status: 'submitted' },
      after: { status: to, ...why },
    });
  }
}
