import type { Tx } from '../../platform/database/database.js';
import { Prisma, type UnsentReason } from '../../platform/database/prisma.js';

export interface RecipientCount {
  /** Null: these will get the mail. */
  readonly unsentReason: UnsentReason | null;
  readonly count: bigint;
}

/**
 * Whom a wave is for, with what stands against sending: those whom the campaign concerns, minus those who have a mail
 * of it already, in the order of their ids, so that a wave of the first thousand is the same whenever it is asked for.
 *   policy_announced   everyone with a payable balance
 *   claim_opened       everyone with a claim
 *   credited           everyone credited by its batch
 *   action_needed      everyone with a claim whose identity is not verified
 */
function recipientsOf(waveId: bigint): Prisma.Sql {
  return Prisma.sql`
    SELECT w.id AS wave_id, w.campaign_id, picked.holder_id, picked.obstacle
    FROM mail_wave w JOIN campaign c ON c.id = w.campaign_id
    CROSS JOIN LATERAL (
      SELECT h.id AS holder_id, mail_obstacle(h) AS obstacle
      FROM (
        SELECT b.holder_id FROM frozen_balance b WHERE c.kind = 'policy_announced' AND b.excluded_reason IS NULL
        UNION
        SELECT k.holder_id FROM claim k WHERE c.kind IN ('claim_opened', 'action_needed')
        UNION
        SELECT k.holder_id FROM credit_batch_item i JOIN claim k ON k.id = i.claim_id
        WHERE c.kind = 'credited' AND i.batch_id = c.credit_batch_id AND i.skip_reason IS NULL AND k.status = 'credited'
      ) AS concerned JOIN holder h ON h.id = concerned.holder_id
      LEFT JOIN notification n ON n.campaign_id = c.id AND n.holder_id = h.id AND n.resend_of IS NULL
      WHERE n.id IS NULL AND (w.language IS NULL OR h.language = w.language) AND (w.holder_kind IS NULL OR h.kind = w.holder_kind)
        AND (c.kind <> 'action_needed' OR h.identity_status <> 'verified')
      ORDER BY h.id LIMIT w.most_recipients
    ) AS picked
    WHERE w.id = ${waveId}`;
}

/** How many a wave would reach now, and how many not for which reason. Reads only. */
export function countRecipients(tx: Tx, waveId: bigint): Promise<RecipientCount[]> {
  return tx.$queryRaw<RecipientCount[]>`
    SELECT obstacle AS "unsentReason", count(*) AS count FROM (${recipientsOf(waveId)}) AS r
    GROUP BY obstacle ORDER BY obstacle NULLS FIRST`;
}

/** The first few whom a wave would reach, for trying the text on real people. */
export function sampleRecipients(tx: Tx, waveId: bigint, most: number): Promise<{ holderId: bigint }[]> {
  return tx.$queryRaw<{ holderId: bigint }[]>`
    SELECT holder_id AS "holderId" FROM (${recipientsOf(waveId)}) AS r WHERE obstacle IS NULL ORDER BY holder_id LIMIT ${most}`;
}

/**
 * Writes one mail per recipient, with its Message-ID, and names whoever gets none. The caller has locked the wave. Waves of a
 * campaign that start at the same moment take turns, so that each sees whom those before it took: else two would pick the same
 * people, and others would be in none. That no holder gets a second mail is decided by the unique index all the same.
 */
export async function fixRecipients(tx: Tx, campaignId: string, waveId: bigint): Promise<number> {
  await tx.$queryRaw`SELECT pg_advisory_xact_lock(hashtextextended('mail_campaign:' || ${campaignId}, 0))::text`;
  return tx.$executeRaw`
    INSERT INTO notification (campaign_id, wave_id, holder_id, status, unsent_reason)
    SELECT campaign_id, wave_id, holder_id, CASE WHEN obstacle IS NULL THEN 'queued' ELSE 'unsent' END::notification_status, obstacle
    FROM (${recipientsOf(waveId)}) AS r ORDER BY holder_id
    ON CONFLICT (campaign_id, holder_id) WHERE resend_of IS NULL DO NOTHING`;
}
