import type { WorkItemKind } from '../../../platform/database/prisma.js';
import { Prisma } from '../../../platform/database/prisma.js';
import type { ClaimState } from '../../../claim/claim.state.js';

export interface ClaimCount {
  readonly status: ClaimState;
  readonly count: bigint;
}

/** One pass over all claims: their state is in no index, so that crediting never touches one. Locks nothing. */
export const COUNT_CLAIMS: Prisma.Sql = Prisma.sql`SELECT status, count(*) AS count FROM claim GROUP BY status`;

export interface HeldClaims {
  /** Held for no other reason than a changed contact. */
  readonly contactChanged: bigint;
  /** All others, open and confidential holds alike, each claim once. */
  readonly otherwise: bigint;
}

/** Claims by why they are held; which of these others are confidential is not even read. Locks nothing. */
export const COUNT_HELD: Prisma.Sql = Prisma.sql`
  SELECT count(*) FILTER (WHERE contact) AS "contactChanged", count(*) FILTER (WHERE NOT contact) AS otherwise
  FROM (SELECT bool_and(reason_code = 'contact_changed' AND placed_by IS NULL) AS contact
        FROM claim_hold WHERE status = 'active' GROUP BY claim_id) AS held`;

export interface QueueCount {
  readonly kind: WorkItemKind;
  readonly waiting: bigint;
  readonly due: bigint;
  readonly inHand: bigint;
  /** How long the first of those that are due waits; null when none is. */
  readonly oldestSeconds: number | null;
}

/** What is not done yet, by kind; an item that was handed out and fell silent waits again. Locks nothing. */
export function countQueue(silentSince: Date, now: Date): Prisma.Sql {
  return Prisma.sql`
    SELECT kind, count(*) FILTER (WHERE waits) AS waiting, count(*) FILTER (WHERE waits AND due_at <= ${now}) AS due,
           count(*) FILTER (WHERE NOT waits) AS "inHand",
           floor(extract(epoch FROM ${now}::timestamptz - min(greatest(opened_at, due_at)) FILTER (WHERE waits AND due_at <= ${now})))::int AS "oldestSeconds"
    FROM (SELECT kind, opened_at, due_on::timestamp AT TIME ZONE 'Asia/Tokyo' AS due_at,
                 status = 'open' OR touched_at < ${silentSince} AS waits
          FROM work_item WHERE status <> 'done') AS item
    GROUP BY kind ORDER BY kind`;
}

export interface TopicCount {
  readonly topic: string;
  readonly calls: bigint;
  readonly mails: bigint;
  readonly complaints: bigint;
  readonly notes: bigint;
}

/**
 * What was logged since the day in Japan began, by topic, from the indexes by time. What compliance has to do with is left out for
 * everyone, as in the file of the day. Locks nothing.
 */
export function countTopics(day: string): Prisma.Sql {
  const since = Prisma.sql`timezone('Asia/Tokyo', ${day}::date::timestamp)`;
  return Prisma.sql`
    SELECT topic, count(*) FILTER (WHERE logged = 'phone') AS calls, count(*) FILTER (WHERE logged = 'mail') AS mails,
      count(*) FILTER (WHERE complaint) AS complaints, count(*) FILTER (WHERE logged = 'note') AS notes
    FROM (SELECT coalesce(c.topic::text, 'not_recorded') AS topic, c.channel::text AS logged, k.contact_id IS NOT NULL AS complaint
          FROM contact c LEFT JOIN complaint k ON k.contact_id = c.id WHERE c.opened_at >= ${since} AND NOT c.confidential
          UNION ALL
          SELECT (SELECT v.topic::text FROM note_version v WHERE v.note_id = n.id ORDER BY v.version DESC LIMIT 1), 'note', false
          FROM note n WHERE n.written_at >= ${since} AND NOT n.confidential) AS today
    GROUP BY topic`;
}
