import { Prisma } from '../../platform/database/prisma.js';
import type { Json } from '../../platform/json.js';
import type { TimelineKind } from '../timeline-texts.js';

export interface TimelineRow {
  /** RFC 3339 in UTC with microseconds, because the next page begins exactly there. */
  readonly at: string;
  readonly kind: TimelineKind;
  readonly id: string;
  readonly by: 'staff' | 'customer' | 'system';
  readonly staffName: string | null;
  readonly detail: { readonly [key: string]: Json };
}

export type TimelinePlace = Pick<TimelineRow, 'at' | 'kind' | 'id'>;

export interface TimelineQuestion {
  readonly holderId: bigint;
  /** Compliance sees holds as they are, and its own reveals, contacts and notes; to everyone else a hold is a time under review, whichever it is. */
  readonly forCompliance: boolean;
  readonly before: TimelinePlace | null;
  readonly limit: number;
}

/**
 * Everything that happened to one holder, newest first. Every branch is a probe of an index by the holder or by one of the
 * holder's few claims. Locks nothing.
 */
export function readTimeline({ holderId, forCompliance, before, limit }: TimelineQuestion): Prisma.Sql {
  const older = before
    ? Prisma.sql`WHERE (e.at, e.kind COLLATE "C", e.id COLLATE "C") < (${before.at}::timestamptz, ${before.kind}, ${before.id})`
    : Prisma.empty;
  return Prisma.sql`
    WITH own AS MATERIALIZED (SELECT id, claim_no, created_at, amount_jpy FROM claim WHERE holder_id = ${holderId}),
    ${HOLDS},
    event (at, kind, id, by, staff_id, detail) AS (
      SELECT s.sealed_at, 'imported', b.id::text, 'staff', s.uploaded_by, jsonb_build_object('quantityXem', b.quantity_xem::text, 'excluded', b.excluded_reason IS NOT NULL)
        FROM frozen_balance b JOIN snapshot s ON s.id = b.snapshot_id WHERE b.holder_id = ${holderId} AND s.status = 'sealed'
      UNION ALL
      SELECT created_at, 'claim_opened', id::text, 'system', NULL, jsonb_build_object('claimNo', claim_no, 'amountJpy', amount_jpy::text) FROM own
      UNION ALL
      SELECT d.decided_at, 'claim_decided', d.claim_id || ':' || d.version, 'staff', d.decided_by,
        jsonb_build_object('claimNo', own.claim_no, 'verdict', d.decision) FROM own JOIN claim_decision d ON d.claim_id = own.id
      UNION ALL ${forCompliance ? HOLDS_AS_THEY_ARE : TIMES_UNDER_REVIEW}
      UNION ALL
      SELECT b.created_at, 'claim_batched', b.id || ':' || i.seq, 'staff', b.made_by,
        jsonb_build_object('claimNo', own.claim_no, 'batchId', b.id::text, 'leftOut', i.skip_reason IS NOT NULL)
        FROM own JOIN LATERAL (SELECT * FROM credit_batch_item WHERE claim_id = own.id AND skip_reason IS NULL
                               UNION ALL SELECT * FROM credit_batch_item WHERE claim_id = own.id AND skip_reason IS NOT NULL) AS i ON true
        JOIN credit_batch b ON b.id = i.batch_id
      UNION ALL
      SELECT t.created_at, 'claim_credited', t.id::text, 'system', NULL,
        jsonb_build_object('claimNo', own.claim_no, 'amountJpy', t.amount_jpy::text, 'postingDate', t.posting_date)
        FROM own JOIN ledger_transfer t ON t.kind = 'credit' AND t.reference_id = own.id
      UNION ALL
      SELECT n.changed_at, 'mail', n.id::text, CASE WHEN n.requested_by IS NULL THEN 'system' ELSE 'staff' END, n.requested_by,
        jsonb_build_object('campaign', c.kind, 'status', n.status, 'unsentReason', n.unsent_reason)
        FROM notification n JOIN campaign c ON c.id = n.campaign_id WHERE n.holder_id = ${holderId}
      UNION ALL
      SELECT r.received_at, 'mail_returned', r.id::text, 'system', NULL, jsonb_build_object('report', r.kind)
        FROM notification n JOIN mail_report r ON r.notification_id = n.id WHERE n.holder_id = ${holderId} AND r.kind <> 'other'
      UNION ALL
      SELECT r.revealed_at, 'revealed', r.id::text, 'staff', r.staff_id, jsonb_build_object('fields', r.fields)
        FROM reveal r JOIN staff s ON s.id = r.staff_id WHERE r.holder_id = ${holderId} AND (${forCompliance} OR s.role <> 'compliance')
      UNION ALL
      SELECT at, 'signed_in', id::text, 'customer', NULL, jsonb_build_object('method', method) FROM customer_sign_in WHERE holder_id = ${holderId}
      UNION ALL
      SELECT changed_at, 'contact_changed', id::text,
        CASE WHEN origin LIKE 'staff:%' THEN 'staff' WHEN origin = 'sign_in' THEN 'customer' ELSE 'system' END,
        CASE WHEN origin LIKE 'staff:%' THEN substr(origin, 7)::uuid END, jsonb_build_object('fields', fields)
        FROM contact_change WHERE holder_id = ${holderId}
      UNION ALL
      SELECT recorded_at, 'identity_checked', id::text, 'staff', checked_by, jsonb_build_object('passed', passed) FROM identity_check WHERE holder_id = ${holderId}
      UNION ALL
      SELECT received_at, 'message_received', id::text, 'customer', NULL, jsonb_build_object('messageNo', id::text) FROM customer_message WHERE holder_id = ${holderId}
      UNION ALL
      SELECT recorded_at, 'objection_recorded', id::text, 'staff', recorded_by, jsonb_build_object('objectionNo', id::text) FROM objection WHERE holder_id = ${holderId}
      UNION ALL
      SELECT closed_at, 'objection_closed', id::text, 'staff', closed_by, jsonb_build_object('objectionNo', id::text, 'outcome', outcome)
        FROM objection WHERE holder_id = ${holderId} AND outcome IS NOT NULL
      UNION ALL ${contactsAndNotes(holderId, forCompliance)}
    ), shown AS (
      SELECT e.* FROM event e ${older} ORDER BY e.at DESC, e.kind COLLATE "C" DESC, e.id COLLATE "C" DESC LIMIT ${limit}
    )
    SELECT to_char(shown.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS at, shown.kind, shown.id, shown.by,
      (SELECT display_name FROM staff WHERE id = shown.staff_id) AS "staffName", shown.detail
    FROM shown ORDER BY shown.at DESC, shown.kind COLLATE "C" DESC, shown.id COLLATE "C" DESC`;
}

/** Never what was said or noted: a redaction would not reach it here. */
function contactsAndNotes(holderId: bigint, forCompliance: boolean): Prisma.Sql {
  return Prisma.sql`
      SELECT c.opened_at, 'contact_opened', c.id::text, 'staff', c.staff_id,
        jsonb_build_object('contactNo', c.id::text, 'channel', c.channel, 'direction', c.direction, 'caller', c.caller)
        FROM contact c WHERE c.holder_id = ${holderId} AND (${forCompliance} OR NOT c.confidential)
      UNION ALL
      SELECT c.closed_at, 'contact_closed', c.id::text, 'staff', c.staff_id,
        jsonb_build_object('contactNo', c.id::text, 'topic', c.topic, 'outcome', c.outcome)
        FROM contact c WHERE c.holder_id = ${holderId} AND c.closed_at IS NOT NULL AND (${forCompliance} OR NOT c.confidential)
      UNION ALL
      SELECT k.checked_at, 'caller_checked', k.id::text, 'staff', k.staff_id, jsonb_build_object('contactNo', c.id::text, 'passed', k.passed)
        FROM contact c JOIN caller_check k ON k.contact_id = c.id WHERE c.holder_id = ${holderId} AND (${forCompliance} OR NOT c.confidential)
      UNION ALL
      SELECT k.recorded_at, 'complaint_recorded', c.id::text, 'staff', k.recorded_by, jsonb_build_object('contactNo', c.id::text)
        FROM contact c JOIN complaint k ON k.contact_id = c.id WHERE c.holder_id = ${holderId} AND (${forCompliance} OR NOT c.confidential)
      UNION ALL
      SELECT k.closed_at, 'complaint_closed', c.id::text, 'staff', k.closed_by, jsonb_build_object('contactNo', c.id::text)
        FROM contact c JOIN complaint k ON k.contact_id = c.id
        WHERE c.holder_id = ${holderId} AND k.closed_at IS NOT NULL AND (${forCompliance} OR NOT c.confidential)
      UNION ALL
      SELECT v.written_at, 'note_written', n.id || ':' || v.version, 'staff', v.written_by,
        jsonb_build_object('noteNo', n.id::text, 'topic', v.topic, 'again', v.version > 1)
        FROM note n JOIN note_version v ON v.note_id = n.id WHERE n.holder_id = ${holderId} AND (${forCompliance} OR NOT n.confidential)
      UNION ALL
      SELECT r.redacted_at, 'note_redacted', n.id::text, 'staff', r.asked_by, jsonb_build_object('noteNo', n.id::text)
        FROM note n JOIN note_redaction r ON r.note_id = n.id
        WHERE n.holder_id = ${holderId} AND r.redacted_at IS NOT NULL AND (${forCompliance} OR NOT n.confidential)`;
}

/** From when to when each hold was in force: a confidential one since another person agreed to it. */
const HOLDS = Prisma.sql`
  in_force AS MATERIALIZED (
    SELECT h.id, h.claim_id, own.claim_no, h.visibility, h.reason_code, h.placed_by, h.released_by, h.released_at,
      CASE h.visibility WHEN 'open' THEN h.placed_at
        ELSE (SELECT max(a.closed_at) FROM approval_request a WHERE a.subject_type = 'hold_placement' AND a.subject_id = h.id::text AND a.status = 'approved') END AS since
    FROM own JOIN claim_hold h ON h.claim_id = own.id WHERE h.status IN ('active', 'released'))`;

const HOLDS_AS_THEY_ARE = Prisma.sql`
  SELECT since, 'hold_placed', id::text, CASE WHEN placed_by IS NULL THEN 'system' ELSE 'staff' END, placed_by,
    jsonb_build_object('claimNo', claim_no, 'visibility', visibility, 'reasonCode', reason_code) FROM in_force
  UNION ALL
  SELECT released_at, 'hold_released', id::text, 'staff', released_by,
    jsonb_build_object('claimNo', claim_no, 'visibility', visibility, 'reasonCode', reason_code) FROM in_force WHERE released_at IS NOT NULL`;

/**
 * When a claim came under review and when no hold was left: by nobody, for no reason, so that one hold reads like another and
 * two at once read like one. The ids are of the claim and the order, because a hold's own would count those in between.
 */
const TIMES_UNDER_REVIEW = Prisma.sql`
  SELECT at, kind, claim_id || ':' || row_number() OVER (PARTITION BY claim_id, kind ORDER BY at), 'system', NULL::uuid, jsonb_build_object('claimNo', claim_no)
  FROM (
    SELECT h.since AS at, 'review_began' AS kind, h.claim_id, h.claim_no FROM in_force h
    WHERE NOT EXISTS (SELECT FROM in_force o WHERE o.claim_id = h.claim_id AND (o.since, o.id) < (h.since, h.id) AND coalesce(o.released_at >= h.since, true))
    UNION ALL
    SELECT h.released_at, 'review_ended', h.claim_id, h.claim_no FROM in_force h
    WHERE h.released_at IS NOT NULL
      AND NOT EXISTS (SELECT FROM in_force o WHERE o.claim_id = h.claim_id AND o.id <> h.id AND o.since <= h.released_at
                        AND coalesce((o.released_at, o.id) > (h.released_at, h.id), true))
  ) AS turn`;
