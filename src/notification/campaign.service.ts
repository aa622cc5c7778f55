import { Injectable } from '@nestjs/common';
import { Approvals } from '../approval/approvals.js';
import { Audit } from '../audit/audit.js';
import { Database, type Tx } from '../platform/database/database.js';
import type { RequestContext } from '../platform/http/request-context.js';
import { Commands } from '../platform/idempotency/commands.js';
import {
  decodeBigintCursor,
  decodeUuidCursor,
  toPage,
  type Page,
  type PageQuery,
} from '../platform/pagination/page.js';
import type { MailQuery, WriteCampaignDto } from './campaign.dto.js';
import { CampaignPreviews } from './campaign-previews.js';
import { CampaignRepository, type CampaignRow } from './campaign.repository.js';
import type { CampaignPreviewView, CampaignView, MailView, SubmittedCampaignView } from './campaign.views.js';
import {
  BatchFitsNot,
  CampaignNotFound,
  CampaignOfAnotherMaker,
  CampaignStateForbids,
  MailTextNotPlain,
} from './notification.errors.js';
import type { WaveState } from './notification.state.js';
import { campaignView, mailView } from './present-campaign.js';
import { cancelMails } from './sql/cancel-mails.sql.js';
import { WaveJobs } from './wave-jobs.js';

/** Counting recipients goes over all holders. */
const PREVIEW_LIMITS = { timeoutMs: 60_000 };

/** Writing campaigns and steering their waves; release is in campaign.subject.ts, sending in wave-execution.ts. */
@Injectable()
export class CampaignService {
  constructor(
    private readonly database: Database,
    private readonly commands: Commands,
    private readonly campaigns: CampaignRepository,
    private readonly previews: CampaignPreviews,
    private readonly approvals: Approvals,
    private readonly audit: Audit,
    private readonly waveJobs: WaveJobs,
  ) {}

  /** Errors: mail_text_not_plain, campaign_batch_mismatch. */
  write(context: RequestContext, campaign: WriteCampaignDto): Promise<CampaignView> {
    return this.commands.run(context, async (tx) => {
      const { subjectJa, subjectEn, textJa, textEn } = campaign;
      if (!(await this.campaigns.isPlain(tx, [subjectJa, subjectEn, textJa, textEn]))) throw new MailTextNotPlain();
      await this.assertBatchFits(tx, campaign);
      const id = await this.campaigns.insert(tx, context.actor.id, campaign);
      await this.record(tx, context, id, 'written', { kind: campaign.kind, deliveryRule: campaign.deliveryRule });
      return this.view(tx, await this.found(tx, id));
    });
  }

  /** Errors: campaign_not_found, campaign_of_another_maker, campaign_state_forbids, and those of asking for approval. */
  submit(context: RequestContext, id: string): Promise<SubmittedCampaignView> {
    return this.commands.run(context, async (tx) => {
      const row = await this.found(tx, id);
      if (row.madeBy !== context.actor.id) throw new CampaignOfAnotherMaker();
      if (!(await this.campaigns.move(tx, id, 'draft', 'submitted'))) throw new CampaignStateForbids(row.status);
      const contentHash = await this.campaigns.contentHash(tx, id);
      if (contentHash === null) throw new CampaignNotFound();
      const ask = { subjectType: 'mail_campaign', subjectId: id, contentHash, amountJpy: null };
      const approvalRequest = await this.approvals.open(tx, context, ask);
      return { ...(await this.view(tx, await this.found(tx, id))), approvalRequest };
    });
  }

  list(query: PageQuery): Promise<Page<CampaignView>> {
    const beforeId = decodeUuidCursor(query.cursor);
    return this.database.consistentRead(async (tx) => {
      const rows = await this.campaigns.list(tx, query.limit, beforeId);
      const counts = await this.campaigns.countMails(
        tx,
        rows.flatMap(({ waves }) => waves.map(({ id }) => id)),
      );
      return toPage(
        rows,
        query.limit,
        (row) => row.id,
        (row) => campaignView(row, counts),
      );
    });
  }

  /** Errors: campaign_not_found. */
  show(id: string): Promise<CampaignView> {
    return this.database.consistentRead(async (tx) => this.view(tx, await this.found(tx, id)));
  }

  /** Errors: campaign_not_found. */
  preview(id: string): Promise<CampaignPreviewView> {
    return this.database.consistentRead(async (tx) => this.previews.of(tx, await this.found(tx, id)), PREVIEW_LIMITS);
  }

  /** In the order in which they were written down. Errors: campaign_not_found. */
  mails(id: string, query: MailQuery): Promise<Page<MailView>> {
    const afterId = decodeBigintCursor(query.cursor);
    return this.database.consistentRead(async (tx) => {
      await this.found(tx, id);
      const rows = await this.campaigns.listMails(tx, id, query.status ?? null, query.limit, afterId);
      return toPage(rows, query.limit, (row) => row.id.toString(), mailView);
    });
  }

  /** Mails that are under way go out; no further ones. Errors: campaign_not_found, campaign_state_forbids. */
  pause(context: RequestContext, id: string, seq: number): Promise<CampaignView> {
    return this.steer(context, id, seq, ['sending'], 'paused');
  }

  /** Errors: campaign_not_found, campaign_state_forbids. */
  resume(context: RequestContext, id: string, seq: number): Promise<CampaignView> {
    return this.steer(context, id, seq, ['paused'], 'sending');
  }

  /** What was not sent stays unsent, and says so. Errors: campaign_not_found, campaign_state_forbids. */
  cancel(context: RequestContext, id: string, seq: number): Promise<CampaignView> {
    return this.steer(context, id, seq, ['planned', 'paused'], 'cancelled');
  }

  private steer(context: RequestContext, id: string, seq: number, from: readonly WaveState[], to: WaveState) {
    return this.commands.run(context, async (tx) => {
      const wave = (await this.found(tx, id)).waves.find((candidate) => candidate.seq === seq);
      if (!wave) throw new CampaignNotFound();
      if (!from.includes(wave.status) || !(await this.campaigns.moveWave(tx, wave.id, wave.status, to)))
        throw new CampaignStateForbids(wave.status);
      if (to === 'sending') await this.waveJobs.add(tx, wave.id);
      if (to === 'cancelled') await cancelMails(tx, wave.id);
      await this.record(tx, context, id, `wave_${to}`, { seq });
      return this.view(tx, await this.found(tx, id));
    });
  }

  private async assertBatchFits(tx: Tx, { kind, creditBatchId, deliveryRule }: WriteCampaignDto): Promise<void> {
    if (kind !== 'credited') {
      if (creditBatchId !== undefined) throw new BatchFitsNot();
      return;
    }
    if (creditBatchId === undefined || deliveryRule !== 'at_most_once') throw new BatchFitsNot();
    if ((await tx.creditBatch.count({ where: { id: BigInt(creditBatchId) } })) === 0) throw new BatchFitsNot();
  }

  private async found(tx: Tx, id: string): Promise<CampaignRow> {
    const row = await this.campaigns.find(tx, id);
    if (!row) throw new CampaignNotFound();
    return row;
  }

  private async view(tx: Tx, row: CampaignRow): Promise<CampaignView> {
    return campaignView(
      row,
      await this.campaigns.countMails(
        tx,
        row.waves.map(({ id }) => id),
      ),
    );
  }

  private record(tx: Tx, context: RequestContext, id: string, verb: string, after: { [key: string]: string | number }) {
    return this.audit.record(tx, context, {
      action: `campaign.${verb}`,
      subjectType: 'mail_campaign',
      subjectId: id,
      after,
    });
  }
}
