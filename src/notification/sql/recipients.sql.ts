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
      SELECT h.id AS holder_id, mail_obstacle(h) AS obstacle FROM holder h
      WHERE (w.language IS NULL OR h.language = w.language) AND (w.holder_kind IS NULL OR h.kind = w.holder_kind)
        AND CASE c.kind
          WHEN 'policy_announced' THEN EXISTS (SELECT FROM frozen_balance b WHERE b.holder_id = h.id AND b.excluded_reason IS NULL)
          WHEN 'claim_opened' THEN EXISTS (SELECT FROM claim k WHERE k.holder_id = h.id)
          WHEN 'action_needed' THEN h.identity_status <> 'verified' AND EXISTS (SELECT FROM claim k WHERE k.holder_id = h.id)
          WHEN 'credited' THEN EXISTS (SELECT FROM claim k JOIN credit_batch_item i ON i.claim_id = k.id
            WHERE k.holder_id = h.id AND k.status = 'credited' AND i.batch_id = c.credit_batch_id AND i.skip_reason IS NULL)
        END
        AND NOT EXISTS (SELECT FROM notification n WHERE n.campaign_id = c.id AND n.holder_id = h.id AND n.resend_of IS NULL)
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
 * Writes one mail per recipient, with its Message-ID, and names whoever gets none. The caller has locked the wave; that
 * no holder gets a second one is decided by the unique index, also against a wave that starts at the same moment.
 */
export function fixRecipients(tx: Tx, waveId: bigint): Promise<number> {
  return tx.$executeRaw`
    INSERT INTO notification (campaign_id, wave_id, holder_id, status, unsent_reason)
    SELECT campaign_id, wave_id, holder_id, CASE WHEN obstacle IS NULL THEN 'queued' ELSE 'unsent' END::notification_status, obstacle
    FROM (${recipientsOf(waveId)}) AS r ORDER BY holder_id
    ON CONFLICT (campaign_id, holder_id) WHERE resend_of IS NULL DO NOTHING`;
}
