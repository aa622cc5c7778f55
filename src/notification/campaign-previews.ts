import { Injectable } from '@nestjs/common';
import { maskName } from '../holder/masking.js';
import type { Tx } from '../platform/database/database.js';
import type { CampaignRow } from './campaign.repository.js';
import type { CampaignPreviewView, SampleMailView } from './campaign.views.js';
import { writeMail } from './mail-text.js';
import { campaignView } from './present-campaign.js';
import { countRecipients, sampleRecipients } from './sql/recipients.sql.js';

const SAMPLES = 3;

/** What a campaign would do now: whom each wave would reach, and what the first of them would read. */
@Injectable()
export class CampaignPreviews {
  async of(tx: Tx, campaign: CampaignRow): Promise<CampaignPreviewView> {
    const waves = [];
    for (const { id, seq } of campaign.waves) {
      const counts = await countRecipients(tx, id);
      waves.push({
        seq,
        recipients: counts.map(({ unsentReason, count }) => ({ unsentReason, count: count.toString() })),
        samples: await this.samples(tx, campaign, id),
      });
    }
    return { campaign: campaignView(campaign, []), waves };
  }

  private async samples(tx: Tx, campaign: CampaignRow, waveId: bigint): Promise<SampleMailView[]> {
    const picked = await sampleRecipients(tx, waveId, SAMPLES);
    const holders = await tx.holder.findMany({
      where: { id: { in: picked.map(({ holderId }) => holderId) } },
      select: { customerNo: true, name: true, language: true },
      orderBy: { id: 'asc' },
    });
    return holders.map((holder) => ({
      customerNo: holder.customerNo,
      ...writeMail(campaign, { ...holder, name: maskName(holder.name) }),
    }));
  }
}
