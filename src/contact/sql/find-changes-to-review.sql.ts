import type { Tx } from '../../platform/database/database.js';

export interface ChangeToReview {
  readonly id: bigint;
  readonly holderId: bigint;
  /** Another customer has the mail address or phone too. */
  readonly shared: boolean;
  /** From where it and many others came within the hour before it (`staff:…`, `holder_update:…`, `sign_in:…`); null if there were few. */
  readonly burstFrom: string | null;
}

/** How many customers' contacts from one origin within an hour are many. */
export interface Bursts {
  readonly changes: number;
  readonly signIns: number;
}

/** The eldest changes of the last days that nobody was asked to look at yet. Locks nothing: opening an item twice finds the first. */
export function findChangesToReview(tx: Tx, { changes, signIns }: Bursts, limit: number): Promise<ChangeToReview[]> {
  return tx.$queryRaw<ChangeToReview[]>`
    SELECT c.id, c.holder_id AS "holderId",
      EXISTS (SELECT FROM holder_search_key mine JOIN holder_search_key other ON other.email_key = mine.email_key OR other.phone_key = mine.phone_key
              WHERE mine.holder_id = c.holder_id AND other.holder_id <> c.holder_id) AS shared,
      CASE WHEN c.origin LIKE '%:%' AND (
        SELECT count(DISTINCT b.holder_id) FROM contact_change b
        WHERE b.origin = c.origin AND b.changed_at > c.changed_at - interval '1 hour' AND b.changed_at <= c.changed_at)
          >= CASE WHEN c.origin LIKE 'sign_in:%' THEN ${signIns}::int ELSE ${changes}::int END
        THEN c.origin END AS "burstFrom"
    FROM contact_change c
    WHERE c.changed_at > now() - interval '3 days'
      AND NOT EXISTS (SELECT FROM work_item w WHERE w.holder_id = c.holder_id AND w.kind = 'contact_changed' AND w.subject_id = c.id::text)
    ORDER BY c.id LIMIT ${limit}::int`;
}
