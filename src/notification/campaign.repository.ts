import { Injectable } from '@nestjs/common';
import type { Tx } from '../platform/database/database.js';
import type { NotificationStatus, Prisma, UnsentReason } from '../platform/database/prisma.js';
import type { WriteCampaignDto } from './campaign.dto.js';
import type { CampaignState, WaveState } from './notification.state.js';

const WITH_WAVES = { waves: { orderBy: { seq: 'asc' } } } as const satisfies Prisma.CampaignInclude;
const WITH_HOLDER = { holder: { select: { customerNo: true } } } as const satisfies Prisma.NotificationInclude;

export type CampaignRow = Prisma.CampaignGetPayload<{ include: typeof WITH_WAVES }>;
export type WaveRow = CampaignRow['waves'][number];
export type MailRow = Prisma.NotificationGetPayload<{ include: typeof WITH_HOLDER }>;

export interface MailCount {
  readonly waveId: bigint;
  readonly status: NotificationStatus;
  readonly unsentReason: UnsentReason | null;
  readonly count: bigint;
}

@Injectable()
export class CampaignRepository {
  /** A draft with its waves, in the order in which they are given. Only the named columns: the rest is the database's. */
  async insert(tx: Tx, madeBy: string, campaign: WriteCampaignDto): Promise<string> {
    const { kind, deliveryRule, creditBatchId = null, subjectJa, subjectEn, textJa, textEn, waves } = campaign;
    const [row] = await tx.$queryRaw<{ id: string }[]>`
      INSERT INTO campaign (kind, delivery_rule, credit_batch_id, subject_ja, subject_en, text_ja, text_en, made_by)
      VALUES (${kind}::campaign_kind, ${deliveryRule}::delivery_rule, ${creditBatchId}::bigint, ${subjectJa}, ${subjectEn}, ${textJa}, ${textEn},
        ${madeBy}::uuid) RETURNING id`;
    if (!row) throw new Error('a campaign was not written');
    await tx.$executeRaw`
      INSERT INTO mail_wave (campaign_id, seq, language, holder_kind, most_recipients, starts_at, mails_per_hour, from_hour, to_hour)
      SELECT ${row.id}::uuid, row_number() OVER (), w.* FROM jsonb_to_recordset(${JSON.stringify(waves)}::jsonb) AS w ("language" holder_language,
        "holderKind" holder_kind, "mostRecipients" integer, "startsAt" timestamptz, "mailsPerHour" integer, "fromHour" smallint, "toHour" smallint)`;
    return row.id;
  }

  find(tx: Tx, id: string): Promise<CampaignRow | null> {
    return tx.campaign.findUnique({ where: { id }, include: WITH_WAVES });
  }

  list(tx: Tx, limit: number, beforeId: string | null): Promise<CampaignRow[]> {
    return tx.campaign.findMany({
      where: beforeId === null ? {} : { id: { lt: beforeId } },
      include: WITH_WAVES,
      orderBy: { id: 'desc' },
      take: limit + 1,
    });
  }

  /** Answers whether it was in `from`. */
  async move(tx: Tx, id: string, from: CampaignState, to: CampaignState): Promise<boolean> {
    const { count } = await tx.campaign.updateMany({ where: { id, status: from }, data: { status: to } });
    return count === 1;
  }

  async moveWave(tx: Tx, id: bigint, from: WaveState, to: WaveState): Promise<boolean> {
    const { count } = await tx.mailWave.updateMany({ where: { id, status: from }, data: { status: to } });
    return count === 1;
  }

  async contentHash(tx: Tx, id: string): Promise<string | null> {
    const [row] = await tx.$queryRaw<{ hash: string | null }[]>`SELECT campaign_content_hash(${id}::uuid) AS hash`;
    return row?.hash ?? null;
  }

  async isPlain(tx: Tx, texts: readonly string[]): Promise<boolean> {
    const [row] = await tx.$queryRaw<{ plain: boolean }[]>`
      SELECT bool_and(mail_text_is_plain(given)) AS plain FROM unnest(${texts}::text[]) AS given`;
    return row?.plain ?? false;
  }

  /** Mails by state, for some waves. */
  countMails(tx: Tx, waveIds: readonly bigint[]): Promise<MailCount[]> {
    return tx.$queryRaw<MailCount[]>`
      SELECT wave_id AS "waveId", status, unsent_reason AS "unsentReason", count(*) AS count FROM notification
      WHERE wave_id = ANY (${waveIds}::bigint[]) GROUP BY 1, 2, 3 ORDER BY 1, 2, 3`;
  }

  listMails(tx: Tx, campaignId: string, status: NotificationStatus | null, limit: number, afterId: bigint | null) {
    return tx.notification.findMany({
      where: {
        campaignId,
        ...(status === null ? {} : { status }),
        ...(afterId === null ? {} : { id: { gt: afterId } }),
      },
      include: WITH_HOLDER,
      orderBy: { id: 'asc' },
      take: limit + 1,
    });
  }
}
