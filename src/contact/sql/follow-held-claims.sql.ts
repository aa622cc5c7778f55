import type { Tx } from '../../platform/database/database.js';

export interface ManyItems {
  readonly count: bigint;
  /** SHA-256, hex, over the ids of the items in order. */
  readonly digest: string;
}

/**
 * Opens an item for each claim with an open hold that its placer can no longer take back as a slip: one to verify a changed
 * contact, one to look at any other hold. A claim that somebody has looked at and left as it is comes back after a week.
 * Locks nothing but the new rows; an item that another process opens meanwhile is left to it.
 */
export async function openHeldClaims(tx: Tx): Promise<ManyItems> {
  const [row] = await tx.$queryRaw<ManyItems[]>`
    WITH held AS (
      SELECT DISTINCT c.holder_id, c.claim_no,
        CASE WHEN h.reason_code = 'contact_changed' AND h.placed_by IS NULL THEN 'contact_changed' ELSE 'hold_release' END::work_item_kind AS kind
      FROM claim_hold h JOIN claim c ON c.id = h.claim_id
      WHERE h.status = 'active' AND h.visibility = 'open' AND h.placed_at < now() - interval '10 minutes'
    ), opened AS (
      INSERT INTO work_item (kind, holder_id, subject_type, subject_id, dedupe_key, due_on)
      SELECT kind, holder_id, 'claim', claim_no, 'claim:' || claim_no, (now() AT TIME ZONE 'Asia/Tokyo')::date FROM held
      WHERE NOT EXISTS (SELECT FROM work_item w WHERE w.holder_id = held.holder_id AND w.kind = held.kind
                          AND w.dedupe_key = 'claim:' || held.claim_no AND (w.status <> 'done' OR w.done_at > now() - interval '7 days'))
      ORDER BY claim_no
      ON CONFLICT (kind, dedupe_key) WHERE status <> 'done' DO NOTHING
      RETURNING id
    )
    SELECT count(*) AS count, encode(sha256(convert_to(coalesce(string_agg(id::text, ',' ORDER BY id), ''), 'UTF8')), 'hex') AS digest FROM opened`;
  return row ?? { count: 0n, digest: '' };
}

/** Finishes the items of claims whose open holds of that sort are gone. Locks those items. */
export async function settleFreedClaims(tx: Tx): Promise<ManyItems> {
  const [row] = await tx.$queryRaw<ManyItems[]>`
    WITH settled AS (
      UPDATE work_item w SET status = 'done', outcome = 'settled_elsewhere', done_at = now()
      WHERE w.kind IN ('hold_release', 'contact_changed') AND w.subject_type = 'claim' AND w.status <> 'done'
        AND NOT EXISTS (SELECT FROM claim c JOIN claim_hold h ON h.claim_id = c.id
                        WHERE c.claim_no = w.subject_id AND h.status = 'active' AND h.visibility = 'open'
                          AND (w.kind = 'contact_changed') = (h.reason_code = 'contact_changed' AND h.placed_by IS NULL))
      RETURNING w.id
    )
    SELECT count(*) AS count, encode(sha256(convert_to(coalesce(string_agg(id::text, ',' ORDER BY id), ''), 'UTF8')), 'hex') AS digest FROM settled`;
  return row ?? { count: 0n, digest: '' };
}
